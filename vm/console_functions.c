// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Functions that stand in a stack trace because a report is being printed, or
 * because memory, locks and the scheduler are everybody's: never the culprit,
 * so a title names the first function that is not among them.
 */
#include "vm/console_patterns.h"


#include "base/mem.h"
#include "vm/console_glob.h"

static const char *const generic[] = {
	/* printing */
	"dump_stack*", "__dump_stack*", "show_stack*", "__show_regs*",
	"show_regs*", "dump_backtrace*", "show_trace*", "panic", "vpanic",
	"check_panic_on_warn", "warn_thunk*", "__warn*", "warn_slowpath*",
	"report_bug*",
	"handle_bug*", "handle_exception_return", "print_report",
	"print_address_description*", "end_report*", "__show_trace*",
	"sched_show_task", "show_state_filter", "print_other_cpu_stall*",
	"print_cpu_stall*", "print_tainted", "nmi_*", "*_trigger_*backtrace*",
	"trigger_*backtrace*", "*cpu_backtrace*", "rcu_*stall*", "rcu_dump_*",
	"rcu_check_gp_kthread*", "rcu_sched_clock_irq", "rcu_pending",
	"watchdog*", "check_hung*", "wq_watchdog*", "show_one_worker_pool",
	"show_pwq", "show_all_workqueues",
	"rcu_gp_*", "rcu_check_callbacks*", "_sched_show_task*",
	"walk_stackframe*", "unwind_backtrace*", "dump_cpu_task*",
	"check_cpu_stall*", "panic_bad_stack", "handle_bad_stack",
	"__bad_stack",
	/* what prints, and what makes the text */
	"printk*", "_printk*", "vprintk*", "console_unlock",
	"hex_dump_to_buffer", "print_hex_dump*", "format_decode",
	"snprintf", "vsnprintf", "scnprintf", "vscnprintf", "sprintf",
	"vsprintf", "dev_printk*", "_dev_printk*", "__dev_printk*",
	"dev_vprintk_emit", "_dev_err",
	"_dev_warn", "_dev_notice", "_dev_info", "__netdev_printk",
	"netdev_printk", "netdev_err", "netdev_warn", "netdev_notice",
	"netdev_info",
	/* the interrupt that found the CPU standing still */
	"update_process_times", "tick_sched_handle", "tick_sched_timer",
	"tick_nohz_handler", "tick_periodic", "__hrtimer_run_queues",
	"hrtimer_interrupt", "hrtimer_run_queues",
	"*apic_timer_interrupt*", "arch_timer_handler_*",
	"handle_percpu_devid_irq", "handle_domain_irq", "__handle_domain_irq",
	"generic_handle_domain_irq", "gic_handle_irq", "call_on_irq_stack",
	"do_interrupt_handler", "common_interrupt", "__common_interrupt",
	"do_IRQ", "generic_handle_irq*", "handle_irq_event*",
	"__handle_irq_event*", "handle_edge_irq", "handle_fasteoi_irq",
	"handle_level_irq", "note_interrupt*", "__report_bad_irq*",
	/* what calls a worker's work */
	"process_one_work", "process_scheduled_works", "worker_thread",
	"rescuer_thread", "kthread",
	/* timers and works that are waited for */
	"lock_timer_base", "__mod_timer*", "mod_timer*", "timer_delete*",
	"__timer_delete*", "del_timer*", "__del_timer*", "try_to_del_timer*",
	"__try_to_del_timer*", "timer_shutdown*", "__timer_shutdown*",
	"sk_stop_timer*", "sk_reset_timer", "timerqueue_*", "enqueue_hrtimer",
	"flush_work", "__flush_work*", "flush_delayed_work",
	"cancel_work_sync", "__cancel_work_*", "cancel_delayed_work_sync",
	/* exceptions */
	"asm_*", "exc_*", "do_trap*", "do_error_trap*", "die*", "__die*",
	"oops_*", "page_fault_oops", "no_context", "*bad_area*",
	"do_user_addr_fault", "do_kern_addr_fault", "kernelmode_fixup_or_oops",
	"__do_page_fault", "do_page_fault", "page_fault", "error_entry",
	"fixup_exception*", "ex_handler_*", "native_read_msr*",
	"native_write_msr*", "do_trace_*_msr",
	"general_protection", "invalid_op", "do_invalid_op", "do_mem_abort",
	"do_translation_fault", "__do_kernel_fault", "die_kernel_fault",
	"el1h_*", "el1_*", "el0_*", "el0t_*", "do_debug_exception",
	"brk_handler", "bug_handler", "call_break_hook", "bug_brk_handler",
	"double_fault", "handle_stack_overflow", "__stack_chk_fail*",
	"irq_work_*", "sysvec_*", "ret_from_*", "entry_SYSCALL*",
	"do_syscall_*", "x64_sys_call", "entry_*", "irqentry_*",
	/* sanitizers */
	"kasan_*", "__kasan_*", "__asan_*", "__hwasan_*", "check_memory_region*",
	"kfence_*", "__kfence_*", "kmsan_*", "__kmsan_*", "__msan_*",
	"kcsan_*", "__tsan_*", "ubsan_*", "__ubsan_*", "val_to_string*",
	"handle_overflow", "kcov_*", "__sanitizer_cov_*", "check_kcov_mode",
	"instrument_*", "__cfi_*", "handle_cfi_failure",
	/* Rust's way to BUG() */
	"rust_helper_BUG", "*rust_begin_unwind*", "*core9panicking*",
	/* lockdep and the context checks */
	"lock_is_held*", "native_save_fl", "native_*irq*", "arch_local_*",
	"arch_irqs_*",
	"lockdep_*", "lock_acquire*", "__lock_acquire*", "lock_release*",
	"__lock_release*", "print_circular_*", "print_*_bug*",
	"print_irq_inversion*", "print_lock_*", "print_usage*",
	"print_bad_irq_dependency", "print_freed_lock*",
	"check_noncircular", "check_prev_add*", "check_prevs_add*",
	"validate_chain*", "mark_lock*", "mark_usage", "mark_held_locks",
	"check_irq_usage", "check_deadlock", "check_wait_context",
	"register_lock_class*", "assign_lock_key*", "look_up_lock_class*",
	"debug_check_no_locks_*", "__might_sleep*", "___might_sleep*",
	"__might_resched*", "__might_fault*", "might_alloc",
	"might_resched*", "debug_smp_processor_id",
	"check_preemption_disabled", "__this_cpu_preempt_check",
	"slab_pre_alloc_hook*", "spin_bug", "spin_dump", "rwlock_bug",
	"do_raw_*", "_raw_*", "__raw_*", "queued_*", "native_queued_*",
	"pv_*queued_*", "__pv_*", "trace_hardirqs_*", "rt_spin_*",
	"valid_state", "mark_lock*", "check_path",
	/* sleeping and locks */
	"__schedule*", "schedule*", "preempt_schedule*", "context_switch*",
	"__switch_to*", "__cond_resched*", "_cond_resched", "io_schedule*",
	"mutex_*lock*", "__mutex_*", "down_*", "__down_*", "up_read",
	"up_write", "rwsem_*", "rwbase_*", "rt_mutex_*", "__rt_mutex_*",
	"rtlock_*", "wait_for_completion*", "__wait_for_common",
	"do_wait_for_common", "bit_wait*", "__wait_on_bit*",
	"out_of_line_wait_on_bit*", "folio_wait_bit*", "wait_on_bit*",
	"percpu_down_*", "msleep*", "usleep_range*", "ssleep",
	"ww_mutex_*", "semaphore*",
	/* strings and user memory */
	"memmove*", "memcpy*", "memset*", "memcmp*", "memchr*",
	"__memcpy*", "__memset*", "__memmove*", "strlen", "strnlen", "strcpy",
	"strncpy", "strlcpy", "strscpy*", "sized_strscpy", "strcmp", "strncmp",
	"strcasecmp", "strchr", "strstr", "strcat", "strnstr", "bcmp",
	"_copy_from_user*", "_copy_to_user*", "__copy_*_user*", "copy_*_user*",
	"raw_copy_*", "rep_movs*", "rep_stos*", "clear_page*", "copy_page*",
	"__copy_overflow", "copy_overflow", "fortify_panic", "__fortify_*",
	"usercopy_abort", "__check_object_size*",
	"__check_heap_object", "check_heap_object",
	/* sums over memory, and its addresses */
	"crc_itu_t*", "crc_ccitt*", "crc_t10dif*", "crc7*", "crc8*", "crc16*",
	"crc32*", "__crc32*", "crc64*", "__phys_addr*", "__virt_to_phys*",
	"debug_dma_*", "__dma_map_*", "dma_map_*", "dma_unmap_*",
	/* data structures and the allocator */
	"rb_insert_color*", "rb_erase*", "__rb_*", "warn_alloc*",
	"page_frag_free", "skb_free_head", "skb_release_*", "__kfree_skb*",
	"__list_*", "list_*", "refcount_*", "__refcount_*", "kref_*",
	"kobject_get*", "kobject_put*", "get_device", "put_device",
	"ref_tracker_*",
	"debug_print_object", "debug_object_*", "__debug_object*",
	"debug_check_no_obj_freed*",
	"__debug_check_no_obj_freed*", "bad_page*", "free_page_is_bad*",
	"check_new_page*", "print_bad_pte", "free_unref_*", "folios_put*",
	"folio_put*",
	"__folio_put*", "release_pages*", "folio_batch_*", "folio_add_lru*",
	"alloc_pages*", "__alloc_pages*", "__alloc_frozen_pages*",
	"alloc_frozen_pages*", "get_page_from_freelist", "vmalloc*",
	"__vmalloc*", "kvmalloc*", "__kvmalloc*", "kvrealloc*", "krealloc*",
	"__free_pages*", "free_pages*", "free_frozen_page*", "slab_*err*", "slab_bug",
	"object_err", "get_partial*", "get_any_partial",
	"alloc_single_from_*", "new_slab", "check_slab", "check_object",
	"check_bytes_and_report",
	"slab_pad_check*", "free_debug_processing",
	"alloc_debug_processing", "free_to_partial_list", "___slab_*",
	"__slab_*", "slab_*", "__kmem_cache_*", "kmem_cache_*", "kfree*",
	"__kmalloc*", "___kmalloc*", "kmalloc*", "__do_kmalloc*", "___cache_free",
	"free_large_kmalloc", "vfree", "kvfree*", "do_slab_free*",
	"kmemleak_*", "kstrdup*", "kstrndup*", "kmemdup*", "kvmemdup*",
	"memdup_user*", "vmemdup_user*", "strndup_user", "kasprintf*",
	"kvasprintf*", "pcpu_alloc*", "__alloc_percpu*",
	"cache_free_debugcheck*", "sysfs_warn_dup", "test_and_*bit*", "_copy_to_iter",
	"_copy_from_iter", "copy_*_iter*", "simple_copy_to_iter",
	"__arch_copy_*", "sysfs_create_*",
};

bool console_function_generic(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(generic); i++)
		if (*generic[i] == *name || *generic[i] == '*')
			if (console_glob(generic[i], name, NULL))
				return true;
	return false;
}

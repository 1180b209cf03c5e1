// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A module of somebody else's, for the tests of targets: it takes a ledger, a
 * little file of its own, through the firmware loader, a device, an ioctl,
 * sysfs and debugfs.  Some ledgers are taken and do harm, each its own way.
 *
 *	"LEDG", u8 number of entries, the entries, u8 sum of them
 *
 * An entry of 0xfx does harm, see harm().
 */
#include <linux/debugfs.h>
#include <linux/firmware.h>
#include <linux/fs.h>
#include <linux/kobject.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define LEDGER_MAX 4096
#define LEDGER_HEAD 5

struct ledger_take {
	__u64 address;
	__u32 len;
	__u32 count;	/* out */
};

#define LEDGER_TAKE _IOWR('L', 1, struct ledger_take)

#ifndef LEDGER_FIRMWARE
#define LEDGER_FIRMWARE NULL
#endif

static char *firmware = LEDGER_FIRMWARE;
module_param(firmware, charp, 0444);
MODULE_PARM_DESC(firmware, "take this file when loaded");

static DEFINE_MUTEX(lock);
static u8 entries[256];
static unsigned int num_entries;
static unsigned int total;
static struct dentry *folder;
static struct kobject *kobj;

/* What a ledger must not be able to do, and this module lets it. */
static void harm(u8 entry)
{
	volatile int *nowhere;
	void *lost;

	switch (entry) {
	case 0xf0:
		/* No ledger is so long that there is anything. */
		nowhere = (volatile int *)(unsigned long)entries[0xff];
		*nowhere = 0;
		break;
	case 0xf1:
		WARN(1, "ledger: an entry of ill omen\n");
		break;
	case 0xf2:
		lost = kmalloc(512, GFP_KERNEL);
		OPTIMIZER_HIDE_VAR(lost);
		break;
	}
}

#ifdef LEDGER_PLANTED
/*
 * A bug for a fuzzer to find: 0xe0 corrects an earlier entry, and nobody asks
 * whether there is one so far back.
 */
static noinline void correct(const u8 *data, size_t num)
{
	size_t i;

	for (i = 0; i + 2 < num; i++)
		if (data[i] == 0xe0)
			entries[i - data[i + 1]] = data[i + 2];
}
#endif

static int take(const u8 *data, size_t len)
{
	unsigned int sum = 0;
	size_t i, num;

	if (len < LEDGER_HEAD + 1 || memcmp(data, "LEDG", 4)) {
		pr_err("ledger: no ledger\n");
		return -EINVAL;
	}
	num = data[4];
	if (len != LEDGER_HEAD + num + 1) {
		pr_err("ledger: %zu entries in %zu bytes\n", num, len);
		return -EMSGSIZE;
	}
	for (i = 0; i < num; i++)
		sum += data[LEDGER_HEAD + i];
	if ((sum & 0xff) != data[len - 1]) {
		pr_err("ledger: bad sum\n");
		return -EBADMSG;
	}
	mutex_lock(&lock);
	memcpy(entries, data + LEDGER_HEAD, num);
	num_entries = num;
	total = sum;
	mutex_unlock(&lock);
	for (i = 0; i < num; i++)
		harm(data[LEDGER_HEAD + i]);
#ifdef LEDGER_PLANTED
	correct(data + LEDGER_HEAD, num);
#endif
	pr_info("ledger: %zu entries taken\n", num);
	return 0;
}

static ssize_t take_user(const char __user *from, size_t len)
{
	u8 *data;
	int err;

	if (len > LEDGER_MAX)
		return -EFBIG;
	data = memdup_user(from, len);
	if (IS_ERR(data))
		return PTR_ERR(data);
	err = take(data, len);
	kfree(data);
	return err ? err : len;
}

static ssize_t door_write(struct file *file, const char __user *from,
			  size_t len, loff_t *pos)
{
	return take_user(from, len);
}

static long door_ioctl(struct file *file, unsigned int request,
		       unsigned long argument)
{
	struct ledger_take call;
	ssize_t got;

	if (request != LEDGER_TAKE)
		return -ENOTTY;
	if (copy_from_user(&call, (void __user *)argument, sizeof(call)))
		return -EFAULT;
	got = take_user(u64_to_user_ptr(call.address), call.len);
	if (got < 0)
		return got;
	call.count = num_entries;
	return copy_to_user((void __user *)argument, &call, sizeof(call)) ?
		-EFAULT : 0;
}

static const struct file_operations door_ops = {
	.owner = THIS_MODULE,
	.write = door_write,
	.unlocked_ioctl = door_ioctl,
};

static struct miscdevice door = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ledger",
	.fops = &door_ops,
};

static const struct file_operations debug_ops = {
	.owner = THIS_MODULE,
	.write = door_write,
};

/* The name of a file for the firmware loader. */
static ssize_t load_store(struct kobject *k, struct kobj_attribute *attribute,
			  const char *text, size_t len)
{
	const struct firmware *fw;
	char name[64];
	int err;

	if (len >= sizeof(name))
		return -ENAMETOOLONG;
	strscpy(name, text, len + 1);
	err = request_firmware(&fw, strim(name), door.this_device);
	if (err)
		return err;
	err = take(fw->data, fw->size);
	release_firmware(fw);
	return err ? err : len;
}

static ssize_t total_show(struct kobject *k, struct kobj_attribute *attribute,
			  char *text)
{
	return sysfs_emit(text, "%u\n", total);
}

static struct kobj_attribute load_attribute = __ATTR_WO(load);
static struct kobj_attribute total_attribute = __ATTR_RO(total);
static struct attribute *attributes[] = {
	&load_attribute.attr, &total_attribute.attr, NULL
};

static const struct attribute_group group = { .attrs = attributes };

static int take_firmware(void)
{
	const struct firmware *fw;
	int err;

	if (!firmware)
		return 0;
	err = request_firmware(&fw, firmware, door.this_device);
	if (err)
		return err;
	err = take(fw->data, fw->size);
	release_firmware(fw);
	return err;
}

static int __init ledger_init(void)
{
	int err = misc_register(&door);

	if (err)
		return err;
	kobj = kobject_create_and_add("ledger", kernel_kobj);
	err = kobj ? sysfs_create_group(kobj, &group) : -ENOMEM;
	if (!err)
		err = take_firmware();
	if (err) {
		kobject_put(kobj);
		misc_deregister(&door);
		return err;
	}
	folder = debugfs_create_dir("ledger", NULL);
	debugfs_create_file("take", 0200, folder, NULL, &debug_ops);
	return 0;
}

static void __exit ledger_exit(void)
{
	debugfs_remove(folder);
	kobject_put(kobj);
	misc_deregister(&door);
}

module_init(ledger_init);
module_exit(ledger_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("takes a ledger, for tests");

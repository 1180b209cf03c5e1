// SPDX-License-Identifier: GPL-2.0-or-later
#include "replay/sanitized.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "replay/sanitizer.h"
#include "report/document.h"

#define MAX_OUTPUT_LEN	((size_t)32 << 20)

/* Of the processor's time: far above what events take, even here. */
#define CPU_SECONDS		20u
#define EVENTS_A_CPU_SECOND	500u
/* Of the clock's: another machine's load is not the content's fault. */
#define WALL_FACTOR		5u

/* A stream over a copy of @fd, whose errors close_stream() tells. */
static FILE *open_stream(int fd)
{
	int copy = dup(fd);
	FILE *stream = copy < 0 ? NULL : fdopen(copy, "w");

	if (copy >= 0 && !stream)
		close(copy);
	return stream;
}

static bool write_events(int fd, const struct synth *synth,
			 const struct corpus *corpus)
{
	FILE *stream = open_stream(fd);
	bool fine = stream != NULL;

	for (size_t i = 0; fine && i < synth->num_events; i++) {
		json_t *json = event_to_json_exact(&synth->events[i].event);

		fine = !json_dumpf(json, stream, JSON_COMPACT) &&
		       fputc('\n', stream) != EOF;
		json_decref(json);
	}
	if (fine && corpus->len)
		fine = fwrite(corpus->data, 1, corpus->len, stream) ==
		       corpus->len;
	return stream && !fclose(stream) && fine;
}

static bool write_content(int fd, const struct plm_content *content)
{
	FILE *stream = open_stream(fd);
	bool fine = stream &&
		    fwrite(content->data, 1, content->len, stream) ==
			    content->len;

	return stream && !fclose(stream) && fine;
}

static void close_files(struct sanitized *s)
{
	if (s->events >= 0)
		close(s->events);
	if (s->file >= 0)
		close(s->file);
	free(s->path);
}

static int start(struct sanitized *s, size_t num_events)
{
	const unsigned int cpu = CPU_SECONDS +
				 (unsigned int)(num_events /
						EVENTS_A_CPU_SECOND);
	const struct child_limits limits = { cpu, cpu * WALL_FACTOR,
					     MAX_OUTPUT_LEN };
	char *const argv[] = { s->path, "eval", "--json", "--events", "-",
			       CHILD_FILE_PATH, NULL };

	return child_start(&s->child, argv, sanitizer_environment, s->events, s->file,
			   &limits);
}

bool sanitized_start(struct sanitized *s, const struct plm_content *content,
		     const struct synth *synth, const struct corpus *corpus,
		     struct stage *stage)
{
	int err = 0;

	*s = (struct sanitized){ .path = file_part("plimsoll-san"),
				 .events = -1, .file = -1 };
	if (!sanitizer_inspect(s->path, stage)) {
		close_files(s);
		return false;
	}
	errno = 0;
	s->events = child_file("events");
	s->file = child_file("content");
	if (s->events < 0 || s->file < 0 ||
	    !write_events(s->events, synth, corpus) ||
	    !write_content(s->file, content))
		err = errno ? -errno : -EIO;
	else
		err = start(s, synth->num_events + corpus->num_events);
	if (!err)
		return true;
	sanitizer_missing(stage, s->path, strerror(-err));
	close_files(s);
	return false;
}

static void tell(struct stage *stage, enum severity severity, const char *code,
		 const char *path, const char *text)
{
	stage_finding(stage, severity, code,
		      (struct place){ path, FINDING_NO_OFFSET, NULL }, "%s",
		      text);
}

/* The report, kept as evidence; its line that names the fault, for people. */
static void tell_report(struct stage *stage, const char *path,
			const struct child_result *result)
{
	char *report = sanitizer_report(result);
	char *line = sanitizer_line(result);
	char *text = xasprintf("the evaluator died: %s", line);

	json_object_set_new(stage->evidence, "sanitizer_report",
			    document_text(report));
	tell(stage, SEVERITY_FAIL, "SANITIZER", path, text);
	free(text);
	free(line);
	free(report);
}

static void tell_signal(struct stage *stage, const char *path,
			const struct child_result *result)
{
	int sig = WTERMSIG(result->status);

	if (sig == SIGXCPU)
		tell(stage, SEVERITY_FAIL, "TIMEOUT", path,
		     "the evaluator used up its processor time");
	else if (result->late)
		tell(stage, SEVERITY_UNKNOWN, "TIMEOUT", path,
		     "the evaluator was not done in time");
	else if (sig == SIGXFSZ)
		tell(stage, SEVERITY_UNKNOWN, "LOST", path,
		     "the evaluator's answers are longer than 32 MiB");
	else if (sig == SIGKILL || sig == SIGTERM || sig == SIGINT ||
		 sig == SIGHUP)
		stage_finding(stage, SEVERITY_UNKNOWN, "LOST",
			      (struct place){ path, FINDING_NO_OFFSET, NULL },
			      "the evaluator was killed: %s", strsignal(sig));
	else
		tell_report(stage, path, result);
}

/* Did it end by itself, with an answer worth reading? */
static bool ended_well(struct stage *stage, const char *path,
		       const struct child_result *result)
{
	int status = WEXITSTATUS(result->status);

	if (WIFSIGNALED(result->status)) {
		tell_signal(stage, path, result);
	} else if (sanitizer_has_report(result)) {
		tell_report(stage, path, result);
	} else if (status != VERDICT_PASS && status != VERDICT_FAIL) {
		stage_finding(stage, SEVERITY_UNKNOWN, "LOST",
			      (struct place){ path, FINDING_NO_OFFSET, NULL },
			      "the evaluator ended with status %d: %.300s",
			      status, (const char *)result->err);
	} else {
		return true;
	}
	return false;
}

bool sanitized_finish(struct sanitized *s, const char *path,
		      const struct model *model, size_t num_events,
		      struct answers *out, struct stage *stage)
{
	char error[ANSWERS_ERROR_LEN];
	struct child_result result;
	int err = child_wait(&s->child, &result);
	bool fine = false;

	*out = (struct answers){ 0 };
	if (err)
		sanitizer_missing(stage, s->path, strerror(-err));
	else
		fine = ended_well(stage, path, &result);
	if (fine && answers_read(out, model, result.out, result.out_len,
				 num_events, error)) {
		/* Refusing what this process took is a difference, too. */
		tell(stage, WEXITSTATUS(result.status) == VERDICT_FAIL ?
		     SEVERITY_FAIL : SEVERITY_UNKNOWN, "LOST", path, error);
		fine = false;
	}
	json_object_set_new(stage->evidence, "evaluator_cpu_seconds",
			    json_real(result.cpu_seconds));
	child_result_free(&result);
	close_files(s);
	return fine;
}

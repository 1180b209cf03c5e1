// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/guest/mailbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm/protocol.h"

#define DEVICES	"/sys/bus/pci/devices"

static bool has_text(const char *device, const char *name, const char *wanted)
{
	char path[128], text[16] = "";
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%.32s/%s", device, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = 0;
	close(fd);
	return !strncmp(text, wanted, strlen(wanted));
}

/* Its memory answers only once the device is enabled. */
static int open_device(const char *device)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), DEVICES "/%.32s/enable", device);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (write(fd, "1", 1) < 0)
		perror(path);
	close(fd);
	snprintf(path, sizeof(path), DEVICES "/%.32s/resource2", device);
	return open(path, O_RDWR | O_CLOEXEC);
}

int mailbox_device(void)
{
	DIR *devices = opendir(DEVICES);
	struct dirent *entry;
	int fd = -1;

	while (devices && fd < 0 && (entry = readdir(devices)))
		if (has_text(entry->d_name, "vendor", VM_MAILBOX_VENDOR) &&
		    has_text(entry->d_name, "device", VM_MAILBOX_DEVICE))
			fd = open_device(entry->d_name);
	if (devices)
		closedir(devices);
	return fd;
}

/* The host's numbers are checked all the same. */
static int find_part(const uint8_t *data, size_t len, uint32_t index,
		     struct vm_mailbox_part *out)
{
	const struct vm_mailbox *head = (const void *)data;
	size_t room = (len - sizeof(*head)) / sizeof(head->files[0]);

	if (head->magic != VM_MAILBOX_MAGIC || index >= head->num_files)
		return ENOENT;
	if (index >= room)
		return ERANGE;
	*out = head->files[index];
	return out->off <= len && out->len <= len - out->off ? 0 : ERANGE;
}

int mailbox_part(uint32_t index, uint8_t **out_data, size_t *out_len)
{
	struct vm_mailbox_part part;
	int fd = mailbox_device(), err;
	struct stat st;
	uint8_t *data;

	if (fd < 0)
		return ENODEV;
	data = MAP_FAILED;
	if (!fstat(fd, &st) && (size_t)st.st_size >= sizeof(struct vm_mailbox))
		data = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
			    MAP_SHARED, fd, 0);
	err = data == MAP_FAILED ? ENODEV : 0;
	close(fd);
	if (!err)
		err = find_part(data, (size_t)st.st_size, index, &part);
	if (err)
		return err;
	*out_data = data + part.off;
	*out_len = part.len;
	return 0;
}

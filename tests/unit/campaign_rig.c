// SPDX-License-Identifier: MIT
/// campaign_rig.c: a folder in /tmp.
#include "campaign_rig.h"

#include "harness/campaign/folder.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/heapduel-campaign-XXXXXX";
static char pattern[sizeof folder];

int rig_enter(void **state)
{
    (void)state;
    memcpy(pattern, folder, sizeof folder);
    return mkdtemp(pattern) != NULL ? chdir(pattern) : -1;
}

int rig_leave(void **state)
{
    (void)state;
    if (chdir("/") != 0) return -1;
    hd_folder_remove(pattern);
    return 0;
}

void rig_write(const char *path, const char *text)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
}

const char *rig_read(const char *path)
{
    static char text[1 << 16];
    *text = '\0';
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return text;
    const ssize_t length = read(fd, text, sizeof text - 1);
    assert_true(length >= 0);
    text[length] = '\0';
    (void)close(fd);
    return text;
}

bool rig_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

// SPDX-License-Identifier: MIT
/// aside.c: renaming there and back.
#include "harness/campaign/aside.h"

#include "harness/campaign/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOST ".lost.trace"

void hd_finding_beside(const struct hd_campaign_finding *finding, const char *ending,
                       char path[static PATH_MAX])
{
    const size_t length = strlen(finding->path) - strlen(".trace");
    hd_path(path, "%.*s%s", (int)length, finding->path, ending);
}

bool hd_finding_is_settled(const struct hd_campaign_finding *finding)
{
    return finding->tried &&
           (finding->replay != HD_REPLAY_NEVER || finding->attempts >= HD_ATTEMPTS_MAX);
}

void hd_finding_set_aside(struct hd_campaign_finding *finding)
{
    char lost[PATH_MAX];
    char history[PATH_MAX];
    hd_finding_beside(finding, LOST, lost);
    hd_finding_beside(finding, ".history.bin", history);
    if (rename(finding->path, lost) != 0) return;
    (void)unlink(history);
    finding->set_aside = true;
}

void hd_finding_put_back(struct hd_campaign_finding *finding)
{
    char lost[PATH_MAX];
    hd_finding_beside(finding, LOST, lost);
    if (finding->set_aside)
        (void)rename(lost, finding->path);
    else if (finding->tried && finding->replay != HD_REPLAY_NEVER)
        (void)unlink(lost);
    finding->set_aside = false;
}

void hd_finding_take_up(const char *out)
{
    DIR *folder = opendir(out);
    if (folder == NULL) return;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char lost[PATH_MAX];
        char path[PATH_MAX];
        const char *ending = strstr(entry->d_name, LOST);
        if (ending == NULL || strcmp(ending, LOST) != 0) continue;
        hd_path(lost, "%s/%s", out, entry->d_name);
        hd_path(path, "%s/%.*s.trace", out, (int)(ending - entry->d_name), entry->d_name);
        if (access(path, F_OK) != 0) (void)rename(lost, path);
    }
    (void)closedir(folder);
}

/* Mounts, unmounts and changes roots, by the old calls and the new ones. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TRY(what, call) if ((long)(call) >= 0) puts("ESCAPED: " what)

int main(void) {
    mkdir("/tmp/a", 0777);
    TRY("mount tmpfs", mount("none", "/tmp/a", "tmpfs", 0, 0));
    TRY("mount proc", mount("none", "/tmp/a", "proc", 0, 0));
    TRY("bind", mount("/usr", "/tmp/a", 0, MS_BIND, 0));
    TRY("remount", mount(0, "/", 0, MS_REMOUNT | MS_BIND, 0));
    TRY("remount /usr", mount(0, "/usr", 0, MS_REMOUNT | MS_BIND, 0));
    TRY("make shared", mount(0, "/", 0, MS_SHARED | MS_REC, 0));
    TRY("umount", umount2("/proc", MNT_DETACH));
    TRY("umount /tmp", umount2("/tmp", MNT_DETACH));
    TRY("chroot", chroot("/tmp/a"));
    TRY("pivot_root", syscall(SYS_pivot_root, "/tmp", "/tmp/a"));
    TRY("open_tree", syscall(428, AT_FDCWD, "/usr", 1 /* OPEN_TREE_CLONE */));
    TRY("move_mount", syscall(429, AT_FDCWD, "/usr", AT_FDCWD, "/tmp/a", 0));
    TRY("fsopen", syscall(430, "tmpfs", 0));
    TRY("fspick", syscall(433, AT_FDCWD, "/", 0));
    unsigned long attr[4] = {0, 1, 0, 0};
    TRY("mount_setattr", syscall(442, AT_FDCWD, "/usr", 0, attr, sizeof attr));
    puts("held");
    return 0;
}

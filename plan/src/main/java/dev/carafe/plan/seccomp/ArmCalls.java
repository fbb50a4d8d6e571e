package dev.carafe.plan.seccomp;

/** The numbers of 64-bit and 32-bit ARM; the format is that of {@link SyscallTable}. */
final class ArmCalls {
    private ArmCalls() {}

    static String table() {
        return """
            call aarch64 arm
            io_setup 0 243
            io_destroy 1 244
            io_submit 2 246
            io_cancel 3 247
            io_getevents 4 245
            setxattr 5 226
            lsetxattr 6 227
            fsetxattr 7 228
            getxattr 8 229
            lgetxattr 9 230
            fgetxattr 10 231
            listxattr 11 232
            llistxattr 12 233
            flistxattr 13 234
            removexattr 14 235
            lremovexattr 15 236
            fremovexattr 16 237
            getcwd 17 183
            lookup_dcookie 18 249
            eventfd2 19 356
            epoll_create1 20 357
            epoll_ctl 21 251
            epoll_pwait 22 346
            dup 23 41
            dup3 24 358
            fcntl 25 55
            inotify_init1 26 360
            inotify_add_watch 27 317
            inotify_rm_watch 28 318
            ioctl 29 54
            ioprio_set 30 314
            ioprio_get 31 315
            flock 32 143
            mknodat 33 324
            mkdirat 34 323
            unlinkat 35 328
            symlinkat 36 331
            linkat 37 330
            renameat 38 329
            umount2 39 52
            mount 40 21
            pivot_root 41 218
            nfsservctl 42 169
            statfs 43 99
            fstatfs 44 100
            truncate 45 92
            ftruncate 46 93
            fallocate 47 352
            faccessat 48 334
            chdir 49 12
            fchdir 50 133
            chroot 51 61
            fchmod 52 94
            fchmodat 53 333
            fchownat 54 325
            fchown 55 95
            openat 56 322
            close 57 6
            vhangup 58 111
            pipe2 59 359
            quotactl 60 131
            getdents64 61 217
            lseek 62 19
            read 63 3
            write 64 4
            readv 65 145
            writev 66 146
            pread64 67 180
            pwrite64 68 181
            preadv 69 361
            pwritev 70 362
            sendfile 71 187
            pselect6 72 335
            ppoll 73 336
            signalfd4 74 355
            vmsplice 75 343
            splice 76 340
            tee 77 342
            readlinkat 78 332
            newfstatat 79
            fstat 80 108
            sync 81 36
            fsync 82 118
            fdatasync 83 148
            sync_file_range 84
            timerfd_create 85 350
            timerfd_settime 86 353
            timerfd_gettime 87 354
            utimensat 88 348
            acct 89 51
            capget 90 184
            capset 91 185
            personality 92 136
            exit 93 1
            exit_group 94 248
            waitid 95 280
            set_tid_address 96 256
            unshare 97 337
            futex 98 240
            set_robust_list 99 338
            get_robust_list 100 339
            nanosleep 101 162
            getitimer 102 105
            setitimer 103 104
            kexec_load 104 347
            init_module 105 128
            delete_module 106 129
            timer_create 107 257
            timer_gettime 108 259
            timer_getoverrun 109 260
            timer_settime 110 258
            timer_delete 111 261
            clock_settime 112 262
            clock_gettime 113 263
            clock_getres 114 264
            clock_nanosleep 115 265
            syslog 116 103
            ptrace 117 26
            sched_setparam 118 154
            sched_setscheduler 119 156
            sched_getscheduler 120 157
            sched_getparam 121 155
            sched_setaffinity 122 241
            sched_getaffinity 123 242
            sched_yield 124 158
            sched_get_priority_max 125 159
            sched_get_priority_min 126 160
            sched_rr_get_interval 127 161
            restart_syscall 128 0
            kill 129 37
            tkill 130 238
            tgkill 131 268
            sigaltstack 132 186
            rt_sigsuspend 133 179
            rt_sigaction 134 174
            rt_sigprocmask 135 175
            rt_sigpending 136 176
            rt_sigtimedwait 137 177
            rt_sigqueueinfo 138 178
            rt_sigreturn 139 173
            setpriority 140 97
            getpriority 141 96
            reboot 142 88
            setregid 143 71
            setgid 144 46
            setreuid 145 70
            setuid 146 23
            setresuid 147 164
            getresuid 148 165
            setresgid 149 170
            getresgid 150 171
            setfsuid 151 138
            setfsgid 152 139
            times 153 43
            setpgid 154 57
            getpgid 155 132
            getsid 156 147
            setsid 157 66
            getgroups 158 80
            setgroups 159 81
            uname 160 122
            sethostname 161 74
            setdomainname 162 121
            getrlimit 163
            setrlimit 164 75
            getrusage 165 77
            umask 166 60
            prctl 167 172
            getcpu 168 345
            gettimeofday 169 78
            settimeofday 170 79
            adjtimex 171 124
            getpid 172 20
            getppid 173 64
            getuid 174 24
            geteuid 175 49
            getgid 176 47
            getegid 177 50
            gettid 178 224
            sysinfo 179 116
            mq_open 180 274
            mq_unlink 181 275
            mq_timedsend 182 276
            mq_timedreceive 183 277
            mq_notify 184 278
            mq_getsetattr 185 279
            msgget 186 303
            msgctl 187 304
            msgrcv 188 302
            msgsnd 189 301
            semget 190 299
            semctl 191 300
            semtimedop 192 312
            semop 193 298
            shmget 194 307
            shmctl 195 308
            shmat 196 305
            shmdt 197 306
            socket 198 281
            socketpair 199 288
            bind 200 282
            listen 201 284
            accept 202 285
            connect 203 283
            getsockname 204 286
            getpeername 205 287
            sendto 206 290
            recvfrom 207 292
            setsockopt 208 294
            getsockopt 209 295
            shutdown 210 293
            sendmsg 211 296
            recvmsg 212 297
            readahead 213 225
            brk 214 45
            munmap 215 91
            mremap 216 163
            add_key 217 309
            request_key 218 310
            keyctl 219 311
            clone 220 120
            execve 221 11
            mmap 222
            fadvise64 223
            swapon 224 87
            swapoff 225 115
            mprotect 226 125
            msync 227 144
            mlock 228 150
            munlock 229 151
            mlockall 230 152
            munlockall 231 153
            mincore 232 219
            madvise 233 220
            remap_file_pages 234 253
            mbind 235 319
            get_mempolicy 236 320
            set_mempolicy 237 321
            migrate_pages 238 400
            move_pages 239 344
            rt_tgsigqueueinfo 240 363
            perf_event_open 241 364
            accept4 242 366
            recvmmsg 243 365
            wait4 260 114
            prlimit64 261 369
            fanotify_init 262 367
            fanotify_mark 263 368
            name_to_handle_at 264 370
            open_by_handle_at 265 371
            clock_adjtime 266 372
            syncfs 267 373
            setns 268 375
            sendmmsg 269 374
            process_vm_readv 270 376
            process_vm_writev 271 377
            kcmp 272 378
            finit_module 273 379
            sched_setattr 274 380
            sched_getattr 275 381
            renameat2 276 382
            seccomp 277 383
            getrandom 278 384
            memfd_create 279 385
            bpf 280 386
            execveat 281 387
            userfaultfd 282 388
            membarrier 283 389
            mlock2 284 390
            copy_file_range 285 391
            preadv2 286 392
            pwritev2 287 393
            pkey_mprotect 288 394
            pkey_alloc 289 395
            pkey_free 290 396
            statx 291 397
            io_pgetevents 292 399
            rseq 293 398
            kexec_file_load 294 401
            pidfd_send_signal 424=
            io_uring_setup 425=
            io_uring_enter 426=
            io_uring_register 427=
            open_tree 428=
            move_mount 429=
            fsopen 430=
            fsconfig 431=
            fsmount 432=
            fspick 433=
            pidfd_open 434=
            clone3 435=
            close_range 436=
            openat2 437=
            pidfd_getfd 438=
            faccessat2 439=
            process_madvise 440=
            epoll_pwait2 441=
            mount_setattr 442=
            quotactl_fd 443=
            landlock_create_ruleset 444=
            landlock_add_rule 445=
            landlock_restrict_self 446=
            memfd_secret 447
            process_mrelease 448=
            futex_waitv 449=
            set_mempolicy_home_node 450=
            cachestat 451=
            fchmodat2 452=
            map_shadow_stack 453=
            futex_wake 454=
            futex_wait 455=
            futex_requeue 456=
            statmount 457=
            listmount 458=
            lsm_get_self_attr 459=
            lsm_set_self_attr 460=
            lsm_list_modules 461=
            mseal 462=
            setxattrat 463=
            getxattrat 464=
            listxattrat 465=
            removexattrat 466=
            open_tree_attr 467=
            file_getattr 468=
            file_setattr 469=
            listns 470=
            rseq_slice_yield 471=
            fork - 2
            open - 5
            creat - 8
            link - 9
            unlink - 10
            mknod - 14
            chmod - 15
            lchown - 16
            pause - 29
            access - 33
            nice - 34
            rename - 38
            mkdir - 39
            rmdir - 40
            pipe - 42
            ustat - 62
            dup2 - 63
            getpgrp - 65
            sigaction - 67
            sigsuspend - 72
            sigpending - 73
            symlink - 83
            readlink - 85
            uselib - 86
            stat - 106
            lstat - 107
            sigreturn - 119
            sigprocmask - 126
            bdflush - 134
            sysfs - 135
            _llseek - 140
            getdents - 141
            _newselect - 142
            _sysctl - 149
            poll - 168
            chown - 182
            vfork - 190
            ugetrlimit - 191
            mmap2 - 192
            truncate64 - 193
            ftruncate64 - 194
            stat64 - 195
            lstat64 - 196
            fstat64 - 197
            lchown32 - 198
            getuid32 - 199
            getgid32 - 200
            geteuid32 - 201
            getegid32 - 202
            setreuid32 - 203
            setregid32 - 204
            getgroups32 - 205
            setgroups32 - 206
            fchown32 - 207
            setresuid32 - 208
            getresuid32 - 209
            setresgid32 - 210
            getresgid32 - 211
            chown32 - 212
            setuid32 - 213
            setgid32 - 214
            setfsuid32 - 215
            setfsgid32 - 216
            fcntl64 - 221
            sendfile64 - 239
            epoll_create - 250
            epoll_wait - 252
            statfs64 - 266
            fstatfs64 - 267
            utimes - 269
            arm_fadvise64_64 - 270
            pciconfig_iobase - 271
            pciconfig_read - 272
            pciconfig_write - 273
            send - 289
            recv - 291
            vserver - 313
            inotify_init - 316
            futimesat - 326
            fstatat64 - 327
            arm_sync_file_range - 341
            signalfd - 349
            eventfd - 351
            clock_gettime64 - 403
            clock_settime64 - 404
            clock_adjtime64 - 405
            clock_getres_time64 - 406
            clock_nanosleep_time64 - 407
            timer_gettime64 - 408
            timer_settime64 - 409
            timerfd_gettime64 - 410
            timerfd_settime64 - 411
            utimensat_time64 - 412
            pselect6_time64 - 413
            ppoll_time64 - 414
            io_pgetevents_time64 - 416
            recvmmsg_time64 - 417
            mq_timedsend_time64 - 418
            mq_timedreceive_time64 - 419
            semtimedop_time64 - 420
            rt_sigtimedwait_time64 - 421
            futex_time64 - 422
            sched_rr_get_interval_time64 - 423
            breakpoint - 983041
            cacheflush - 983042
            usr26 - 983043
            usr32 - 983044
            set_tls - 983045
            get_tls - 983046
            """;
    }
}

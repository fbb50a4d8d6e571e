package dev.carafe.plan.seccomp;

/** The numbers of MIPS, without the thousands of each convention; the format is that of {@link SyscallTable}. */
final class MipsCalls {
    private MipsCalls() {}

    static String table() {
        return """
            call mips64 mips mips64n32
            read 0 3 0
            write 1 4 1
            open 2 5 2
            close 3 6 3
            stat 4 106 4
            fstat 5 108 5
            lstat 6 107 6
            poll 7 188 7
            lseek 8 19 8
            mmap 9 90 9
            mprotect 10 125 10
            munmap 11 91 11
            brk 12 45 12
            rt_sigaction 13 194 13
            rt_sigprocmask 14 195 14
            ioctl 15 54 15
            pread64 16 200 16
            pwrite64 17 201 17
            readv 18 145 18
            writev 19 146 19
            access 20 33 20
            pipe 21 42 21
            _newselect 22 142 22
            sched_yield 23 162 23
            mremap 24 167 24
            msync 25 144 25
            mincore 26 217 26
            madvise 27 218 27
            shmget 28 395 28
            shmat 29 397 29
            shmctl 30 396 30
            dup 31 41 31
            dup2 32 63 32
            pause 33 29 33
            nanosleep 34 166 34
            getitimer 35 105 35
            setitimer 36 104 36
            alarm 37 27 37
            getpid 38 20 38
            sendfile 39 207 39
            socket 40 183 40
            connect 41 170 41
            accept 42 168 42
            sendto 43 180 43
            recvfrom 44 176 44
            sendmsg 45 179 45
            recvmsg 46 177 46
            shutdown 47 182 47
            bind 48 169 48
            listen 49 174 49
            getsockname 50 172 50
            getpeername 51 171 51
            socketpair 52 184 52
            setsockopt 53 181 53
            getsockopt 54 173 54
            clone 55 120 55
            fork 56 2 56
            execve 57 11 57
            exit 58 1 58
            wait4 59 114 59
            kill 60 37 60
            uname 61 122 61
            semget 62 393 62
            semop 63 - 63
            semctl 64 394 64
            shmdt 65 398 65
            msgget 66 399 66
            msgsnd 67 400 67
            msgrcv 68 401 68
            msgctl 69 402 69
            fcntl 70 55 70
            flock 71 143 71
            fsync 72 118 72
            fdatasync 73 152 73
            truncate 74 92 74
            ftruncate 75 93 75
            getdents 76 141 76
            getcwd 77 203 77
            chdir 78 12 78
            fchdir 79 133 79
            rename 80 38 80
            mkdir 81 39 81
            rmdir 82 40 82
            creat 83 8 83
            link 84 9 84
            unlink 85 10 85
            symlink 86 83 86
            readlink 87 85 87
            chmod 88 15 88
            fchmod 89 94 89
            chown 90 202 90
            fchown 91 95 91
            lchown 92 16 92
            umask 93 60 93
            gettimeofday 94 78 94
            getrlimit 95 76 95
            getrusage 96 77 96
            sysinfo 97 116 97
            times 98 43 98
            ptrace 99 26 99
            getuid 100 24 100
            syslog 101 103 101
            getgid 102 47 102
            setuid 103 23 103
            setgid 104 46 104
            geteuid 105 49 105
            getegid 106 50 106
            setpgid 107 57 107
            getppid 108 64 108
            getpgrp 109 65 109
            setsid 110 66 110
            setreuid 111 70 111
            setregid 112 71 112
            getgroups 113 80 113
            setgroups 114 81 114
            setresuid 115 185 115
            getresuid 116 186 116
            setresgid 117 190 117
            getresgid 118 191 118
            getpgid 119 132 119
            setfsuid 120 138 120
            setfsgid 121 139 121
            getsid 122 151 122
            capget 123 204 123
            capset 124 205 124
            rt_sigpending 125 196 125
            rt_sigtimedwait 126 197 126
            rt_sigqueueinfo 127 198 127
            rt_sigsuspend 128 199 128
            sigaltstack 129 206 129
            utime 130 30 130
            mknod 131 14 131
            personality 132 136 132
            ustat 133 62 133
            statfs 134 99 134
            fstatfs 135 100 135
            sysfs 136 135 136
            getpriority 137 96 137
            setpriority 138 97 138
            sched_setparam 139 158 139
            sched_getparam 140 159 140
            sched_setscheduler 141 160 141
            sched_getscheduler 142 161 142
            sched_get_priority_max 143 163 143
            sched_get_priority_min 144 164 144
            sched_rr_get_interval 145 165 145
            mlock 146 154 146
            munlock 147 155 147
            mlockall 148 156 148
            munlockall 149 157 149
            vhangup 150 111 150
            pivot_root 151 216 151
            _sysctl 152 153 152
            prctl 153 192 153
            adjtimex 154 124 154
            setrlimit 155 75 155
            chroot 156 61 156
            sync 157 36 157
            acct 158 51 158
            settimeofday 159 79 159
            mount 160 21 160
            umount2 161 52 161
            swapon 162 87 162
            swapoff 163 115 163
            reboot 164 88 164
            sethostname 165 74 165
            setdomainname 166 121 166
            create_module 167 127 167
            init_module 168 128 168
            delete_module 169 129 169
            get_kernel_syms 170 130 170
            query_module 171 187 171
            quotactl 172 131 172
            nfsservctl 173 189 173
            getpmsg 174 208 174
            putpmsg 175 209 175
            afs_syscall 176 137 176
            gettid 178 222 178
            readahead 179 223 179
            setxattr 180 224 180
            lsetxattr 181 225 181
            fsetxattr 182 226 182
            getxattr 183 227 183
            lgetxattr 184 228 184
            fgetxattr 185 229 185
            listxattr 186 230 186
            llistxattr 187 231 187
            flistxattr 188 232 188
            removexattr 189 233 189
            lremovexattr 190 234 190
            fremovexattr 191 235 191
            tkill 192 236 192
            futex 194 238 194
            sched_setaffinity 195 239 195
            sched_getaffinity 196 240 196
            cacheflush 197 147 197
            cachectl 198 148 198
            sysmips 199 149 199
            io_setup 200 241 200
            io_destroy 201 242 201
            io_getevents 202 243 202
            io_submit 203 244 203
            io_cancel 204 245 204
            exit_group 205 246 205
            lookup_dcookie 206 247 206
            epoll_create 207 248 207
            epoll_ctl 208 249 208
            epoll_wait 209 250 209
            remap_file_pages 210 251 210
            rt_sigreturn 211 193 211
            set_tid_address 212 252 213
            restart_syscall 213 253 214
            semtimedop 214 - 215
            fadvise64 215 254 216
            timer_create 216 257 220
            timer_settime 217 258 221
            timer_gettime 218 259 222
            timer_getoverrun 219 260 223
            timer_delete 220 261 224
            clock_settime 221 262 225
            clock_gettime 222 263 226
            clock_getres 223 264 227
            clock_nanosleep 224 265 228
            tgkill 225 266 229
            utimes 226 267 230
            mbind 227 268 231
            get_mempolicy 228 269 232
            set_mempolicy 229 270 233
            mq_open 230 271 234
            mq_unlink 231 272 235
            mq_timedsend 232 273 236
            mq_timedreceive 233 274 237
            mq_notify 234 275 238
            mq_getsetattr 235 276 239
            vserver 236 277 240
            waitid 237 278 241
            add_key 239 280 243
            request_key 240 281 244
            keyctl 241 282 245
            set_thread_area 242 283 246
            inotify_init 243 284 247
            inotify_add_watch 244 285 248
            inotify_rm_watch 245 286 249
            migrate_pages 246 287 250
            openat 247 288 251
            mkdirat 248 289 252
            mknodat 249 290 253
            fchownat 250 291 254
            futimesat 251 292 255
            newfstatat 252 - 256
            unlinkat 253 294 257
            renameat 254 295 258
            linkat 255 296 259
            symlinkat 256 297 260
            readlinkat 257 298 261
            fchmodat 258 299 262
            faccessat 259 300 263
            pselect6 260 301 264
            ppoll 261 302 265
            unshare 262 303 266
            splice 263 304 267
            sync_file_range 264 305 268
            tee 265 306 269
            vmsplice 266 307 270
            move_pages 267 308 271
            set_robust_list 268 309 272
            get_robust_list 269 310 273
            kexec_load 270 311 274
            getcpu 271 312 275
            epoll_pwait 272 313 276
            ioprio_set 273 314 277
            ioprio_get 274 315 278
            utimensat 275 316 279
            signalfd 276 317 280
            timerfd 277 318 281
            eventfd 278 319 282
            fallocate 279 320 283
            timerfd_create 280 321 284
            timerfd_gettime 281 322 285
            timerfd_settime 282 323 286
            signalfd4 283 324 287
            eventfd2 284 325 288
            epoll_create1 285 326 289
            dup3 286 327 290
            pipe2 287 328 291
            inotify_init1 288 329 292
            preadv 289 330 293
            pwritev 290 331 294
            rt_tgsigqueueinfo 291 332 295
            perf_event_open 292 333 296
            accept4 293 334 297
            recvmmsg 294 335 298
            fanotify_init 295 336 300
            fanotify_mark 296 337 301
            prlimit64 297 338 302
            name_to_handle_at 298 339 303
            open_by_handle_at 299 340 304
            clock_adjtime 300 341 305
            syncfs 301 342 306
            sendmmsg 302 343 307
            setns 303 344 308
            process_vm_readv 304 345 309
            process_vm_writev 305 346 310
            kcmp 306 347 311
            finit_module 307 348 312
            getdents64 308 219 299
            sched_setattr 309 349 313
            sched_getattr 310 350 314
            renameat2 311 351 315
            seccomp 312 352 316
            getrandom 313 353 317
            memfd_create 314 354 318
            bpf 315 355 319
            execveat 316 356 320
            userfaultfd 317 357 321
            membarrier 318 358 322
            mlock2 319 359 323
            copy_file_range 320 360 324
            preadv2 321 361 325
            pwritev2 322 362 326
            pkey_mprotect 323 363 327
            pkey_alloc 324 364 328
            pkey_free 325 365 329
            statx 326 366 330
            rseq 327 367 331
            io_pgetevents 328 368 332
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
            syscall - 0
            waitpid - 7
            time - 13
            break - 17
            umount - 22
            stime - 25
            stty - 31
            gtty - 32
            nice - 34
            ftime - 35
            prof - 44
            signal - 48
            lock - 53
            mpx - 56
            ulimit - 58
            sigaction - 67
            sgetmask - 68
            ssetmask - 69
            sigsuspend - 72
            sigpending - 73
            uselib - 86
            readdir - 89
            profil - 98
            ioperm - 101
            socketcall - 102
            iopl - 110
            idle - 112
            vm86 - 113
            ipc - 117
            sigreturn - 119
            modify_ldt - 123
            sigprocmask - 126
            bdflush - 134
            _llseek - 140
            recv - 175
            send - 178
            mmap2 - 210
            truncate64 - 211
            fcntl64 - 220 212
            ftruncate64 - 212
            stat64 - 213
            lstat64 - 214
            fstat64 - 215
            statfs64 - 255 217
            fstatfs64 - 256 218
            sendfile64 - 237 219
            fstatat64 - 293
            clock_gettime64 - 403 403
            clock_settime64 - 404 404
            clock_adjtime64 - 405 405
            clock_getres_time64 - 406 406
            clock_nanosleep_time64 - 407 407
            timer_gettime64 - 408 408
            timer_settime64 - 409 409
            timerfd_gettime64 - 410 410
            timerfd_settime64 - 411 411
            utimensat_time64 - 412 412
            pselect6_time64 - 413 413
            ppoll_time64 - 414 414
            io_pgetevents_time64 - 416 416
            recvmmsg_time64 - 417 417
            mq_timedsend_time64 - 418 418
            mq_timedreceive_time64 - 419 419
            semtimedop_time64 - 420 420
            rt_sigtimedwait_time64 - 421 421
            futex_time64 - 422 422
            sched_rr_get_interval_time64 - 423 423
            """;
    }
}

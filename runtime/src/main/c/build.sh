#!/bin/sh
# build.sh OUTPUT: compiles the native program; gcc and the kernel's headers are all it needs.
set -eu
cd "$(dirname "$0")"
exec gcc -std=c17 -Os -static -nostdlib -nostartfiles -ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables \
    -fno-pie -no-pie -fno-tree-loop-distribute-patterns -fno-builtin \
    -Wall -Wextra -Wconversion -Wno-sign-conversion -Werror \
    -Wl,-z,noexecstack -Wl,-z,separate-code -Wl,-z,relro -Wl,--build-id=none -s \
    -o "$1" main.c kernel.c executor.c monitor.c client.c

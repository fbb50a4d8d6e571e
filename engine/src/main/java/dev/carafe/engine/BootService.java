package dev.carafe.engine;

import dev.carafe.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * What an init system needs to know so that containers with restart policies and health checks are looked after from the boot on, without anybody's command: a unit of
 * systemd (systemd.service(5)), or a script for others (the Linux Standard Base, "Init Script Actions"). Both run the keeper, see {@link Tending}; they hold no state.
 */
public final class BootService {
    private static final String UNIT = "etc/systemd/system/carafe.service";
    private static final String WANTED = "etc/systemd/system/multi-user.target.wants/carafe.service";
    private static final String SCRIPT = "etc/init.d/carafe";
    private static final List<String> RUN_LEVELS = List.of("2", "3", "4", "5");
    private static final String LINK = "S90carafe";

    /** Which init system. */
    public enum Kind {
        SYSTEMD, SYSV
    }

    private final Path top;
    private final Path program;
    private final Roots roots;

    /**
     * @param top the root directory of the system that is to boot, usually {@code /}
     * @param program the client
     */
    public BootService(Path top, Path program, Roots roots) {
        this.top = top;
        this.program = program;
        this.roots = roots;
    }

    /** The one of this machine: systemd where it runs (sd_booted(3)). */
    public static Kind usual() {
        return Files.isDirectory(Path.of("/run/systemd/system")) ? Kind.SYSTEMD : Kind.SYSV;
    }

    /** What would be written. */
    public String text(Kind kind) {
        String keep = quoted(program) + " --root " + quoted(roots.root()) + " --run-root " + quoted(roots.run()) + " system keep";
        return switch (kind) {
            case SYSTEMD -> """
                    [Unit]
                    Description=Carafe: containers with restart policies and health checks
                    Wants=network-online.target
                    After=network-online.target local-fs.target

                    [Service]
                    Type=exec
                    ExecStart=%s
                    Restart=on-failure
                    RestartForceExitStatus=125
                    RestartSec=1
                    KillMode=process
                    Delegate=yes
                    TasksMax=infinity
                    LimitNOFILE=infinity

                    [Install]
                    WantedBy=multi-user.target
                    """.formatted(keep);
            case SYSV -> """
                    #!/bin/sh
                    ### BEGIN INIT INFO
                    # Provides:          carafe
                    # Required-Start:    $local_fs $remote_fs
                    # Required-Stop:
                    # Should-Start:      $network
                    # Default-Start:     2 3 4 5
                    # Default-Stop:
                    # Short-Description: containers with restart policies and health checks
                    ### END INIT INFO
                    case "$1" in
                    start|restart|force-reload)
                        unset CARAFE_ENGINE
                        # 125: the engine that served the call is gone, and the next is to go on.
                        setsid sh -c 'while %s; [ $? -eq 125 ]; do sleep 1; done' </dev/null >/dev/null 2>&1 &
                        ;;
                    stop)
                        # Containers go on, and end with the machine.
                        ;;
                    status)
                        %s --root %s --run-root %s ps
                        ;;
                    *)
                        echo "Usage: $0 {start|stop|restart|force-reload|status}" >&2
                        exit 2
                        ;;
                    esac
                    """.formatted(keep, quoted(program), quoted(roots.root()), quoted(roots.run()));
        };
    }

    /** In a unit and within a shell's quotes alike: such paths need none. */
    private static String quoted(Path path) {
        String text = path.toString();
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            if (!(Character.isLetterOrDigit(c) || "/._-+@".indexOf(c) >= 0)) {
                throw Fault.invalid("enable", "\"" + text + "\"", "a path that an init system is to know must not have the character '" + c + "'");
            }
        }
        return text;
    }

    /** Writes it, and has it started at boot. @return the files that were made */
    public List<Path> enable(Kind kind) {
        String text = text(kind);
        try {
            if (kind == Kind.SYSTEMD) {
                return List.of(write(UNIT, text, "rw-r--r--"), link(WANTED, "../carafe.service"));
            }
            var made = new java.util.ArrayList<Path>(List.of(write(SCRIPT, text, "rwxr-xr-x")));
            for (String level : RUN_LEVELS) {
                made.add(link("etc/rc" + level + ".d/" + LINK, "../init.d/carafe"));
            }
            return made;
        } catch (IOException e) {
            throw StateFile.fault("write", top.resolve("etc"), e);
        }
    }

    private Path write(String file, String text, String mode) throws IOException {
        Path path = top.resolve(file);
        Files.createDirectories(path.getParent());
        StateFile.keep(path, text.getBytes(java.nio.charset.StandardCharsets.UTF_8), mode);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        return path;
    }

    private Path link(String file, String target) throws IOException {
        Path path = top.resolve(file);
        Files.createDirectories(path.getParent());
        Files.deleteIfExists(path);
        return Files.createSymbolicLink(path, Path.of(target));
    }

    /** Takes back what {@link #enable} made, of either kind. @return the files that were removed */
    public List<Path> disable() {
        var removed = new java.util.ArrayList<Path>();
        var files = new java.util.ArrayList<>(List.of(WANTED, UNIT, SCRIPT));
        RUN_LEVELS.forEach(level -> files.add("etc/rc" + level + ".d/" + LINK));
        for (String file : files) {
            if (StateFile.delete(top.resolve(file))) {
                removed.add(top.resolve(file));
            }
        }
        return removed;
    }
}

package dev.carafe.runtime.systemd;

import dev.carafe.base.Fault;
import dev.carafe.kernel.Kernel;
import dev.carafe.oci.runtime.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A container's scope, by way of systemd's manager (org.freedesktop.systemd1(5)): started, given other limits, stopped. Each call makes a connection of its own. */
public final class ScopeUnit {
    private static final String SERVICE = "org.freedesktop.systemd1";
    private static final String MANAGER = SERVICE + ".Manager";
    private static final String ROOT = "/org/freedesktop/systemd1";
    private static final Path BOOTED = Path.of("/run/systemd/system");
    private static final Path SYSTEM_BUS = Path.of("/run/dbus/system_bus_socket");
    private static final Path SYSTEM_MANAGER = Path.of("/run/systemd/private");

    private final Kernel kernel;
    private final long uid;
    private final boolean v2;

    /**
     * @param uid the user that asks: root has the manager of the system, others have their own
     * @param v2 whether the host has control groups of version 2 alone
     */
    public ScopeUnit(Kernel kernel, long uid, boolean v2) {
        this.kernel = kernel;
        this.uid = uid;
        this.v2 = v2;
    }

    /** Whether it is a manager of a user that is asked. */
    public boolean isUsers() {
        return uid != 0;
    }

    /** @throws Fault where systemd does not run */
    public void check() {
        if (!Files.isDirectory(BOOTED)) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "use", "systemd for control groups", "systemd not running on this host, cannot use systemd cgroups manager")
                    .hint("use the engine's cgroupfs driver");
        }
    }

    /** The socket of the manager itself comes second: it takes no names and no rules, but is there when no bus is. */
    private Bus connect() {
        check();
        if (isUsers()) {
            Path runtime = Path.of("/run/user/" + uid);
            return Files.exists(runtime.resolve("bus")) ? Bus.connect(kernel, runtime.resolve("bus"), uid, true)
                    : Bus.connect(kernel, runtime.resolve("systemd/private"), uid, false);
        }
        return Files.exists(SYSTEM_BUS) ? Bus.connect(kernel, SYSTEM_BUS, uid, true) : Bus.connect(kernel, SYSTEM_MANAGER, uid, false);
    }

    /**
     * Starts the scope, into which systemd moves the process. Blocks until it has. One of that name which failed before is put away first.
     *
     * @return the path of its group below the mount point, as systemd has made it
     */
    public String start(ScopeName name, String id, int process, Optional<Resources> resources) {
        try (Bus bus = connect()) {
            subscribe(bus);
            ScopeProperties properties = ScopeProperties.scope(id, name.slice(), process, resources, v2);
            String job;
            try {
                job = startTransient(bus, name.unit(), properties);
            } catch (Fault exists) {
                if (!Bus.name(exists).equals(Optional.of(SERVICE + ".UnitExists"))) {
                    throw failed("start", name.unit(), exists);
                }
                forget(bus, name.unit());
                try {
                    job = startTransient(bus, name.unit(), properties);
                } catch (Fault still) {
                    throw failed("start", name.unit(), still);
                }
            }
            String result = ended(bus, job);
            if (!result.equals("done")) {
                forget(bus, name.unit());
                throw Fault.of(Fault.Kind.UNAVAILABLE, "start", "systemd unit \"" + name.unit() + "\"", "systemd says \"" + result + "\"").hint("see journalctl -u " + name.unit());
            }
            String path = text(manager(bus, "GetUnit", "s", new BusMessage.Writer().text(name.unit())));
            return text(bus.call(bus.isDaemon() ? SERVICE : "", path, "org.freedesktop.DBus.Properties", "Get", "ss",
                    new BusMessage.Writer().text(SERVICE + ".Scope").text("ControlGroup").bytes()));
        }
    }

    private String startTransient(Bus bus, String unit, ScopeProperties properties) {
        var body = new BusMessage.Writer().text(unit).text("replace");
        properties.write(body);
        // No further units go with it: a(sa(sv)).
        body.array(8, none -> { });
        return text(manager(bus, "StartTransientUnit", "ssa(sv)a(sa(sv))", body));
    }

    /** Tells systemd of other limits, so that it does not set the old ones again. */
    public void update(String unit, Resources resources) {
        ScopeProperties properties = ScopeProperties.of(resources, v2);
        if (properties.isEmpty()) {
            return;
        }
        try (Bus bus = connect()) {
            // For as long as the scope is there: true.
            var body = new BusMessage.Writer().text(unit).number(1);
            properties.write(body);
            manager(bus, "SetUnitProperties", "sba(sv)", body);
        } catch (Fault fault) {
            throw failed("update", unit, fault);
        }
    }

    /** Stops the scope, with whoever is still in it. Doing it twice does no harm. */
    public void stop(String unit) {
        try (Bus bus = connect()) {
            subscribe(bus);
            try {
                ended(bus, text(manager(bus, "StopUnit", "ss", new BusMessage.Writer().text(unit).text("replace"))));
            } catch (Fault fault) {
                if (!Bus.name(fault).equals(Optional.of(SERVICE + ".NoSuchUnit"))) {
                    throw failed("stop", unit, fault);
                }
            }
            forget(bus, unit);
        }
    }

    private static void subscribe(Bus bus) {
        if (bus.isDaemon()) {
            bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch", "s", new BusMessage.Writer()
                    .text("type='signal',interface='" + MANAGER + "',member='JobRemoved',path='" + ROOT + "'").bytes());
        }
        manager(bus, "Subscribe", "", new BusMessage.Writer());
    }

    /** A unit that failed is kept by systemd until somebody says this; of others it knows nothing. */
    private static void forget(Bus bus, String unit) {
        try {
            manager(bus, "ResetFailedUnit", "s", new BusMessage.Writer().text(unit));
        } catch (Fault unknown) {
            if (Bus.name(unknown).isEmpty()) {
                throw unknown;
            }
        }
    }

    /** JobRemoved(u id, o job, s unit, s result). */
    private static String ended(Bus bus, String job) {
        List<String> texts = bus.signal(signal -> signal.member().equals(Optional.of("JobRemoved")) && signal.texts().size() > 2 && signal.texts().getFirst().equals(job)).texts();
        return texts.get(2);
    }

    private static BusMessage manager(Bus bus, String member, String signature, BusMessage.Writer body) {
        return bus.call(bus.isDaemon() ? SERVICE : "", ROOT, MANAGER, member, signature, body.bytes());
    }

    private static String text(BusMessage answer) {
        List<String> texts = answer.texts();
        if (texts.isEmpty()) {
            throw Fault.of(Fault.Kind.CORRUPT, "read", "answer of systemd", "it holds no text");
        }
        return texts.getFirst();
    }

    private static Fault failed(String operation, String unit, Fault cause) {
        return Fault.of(cause.kind(), operation, "systemd unit \"" + unit + "\"", cause.reason()).cause(cause);
    }
}

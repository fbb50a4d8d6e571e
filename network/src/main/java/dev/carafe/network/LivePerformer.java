package dev.carafe.network;

import dev.carafe.base.Errno;
import dev.carafe.base.Fault;
import dev.carafe.kernel.Fd;
import dev.carafe.kernel.Kernel;
import dev.carafe.kernel.Links;
import dev.carafe.kernel.Memory;
import dev.carafe.kernel.Netlink;
import dev.carafe.kernel.RouteMessages;
import dev.carafe.kernel.SystemCall;
import dev.carafe.plan.NetworkOperation;
import dev.carafe.runtime.Admission;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Performs on a container that runs the operations that its monitor performs on one that starts. */
final class LivePerformer {
    private static final int O_WRONLY_CLOEXEC = 1 | 02000000;
    private static final int O_CLOEXEC = 02000000;
    private static final int AT_FDCWD = -100;

    private final Kernel kernel;
    private final Netlink route;
    private final Netlink filter;
    private final String namespace;

    /** @param namespace the file of the container's network namespace */
    LivePerformer(Kernel kernel, Netlink route, Netlink filter, String namespace) {
        this.kernel = kernel;
        this.route = route;
        this.filter = filter;
        this.namespace = namespace;
    }

    void perform(List<NetworkOperation> operations) {
        try (Netlink inside = Netlink.open(kernel, Netlink.Family.ROUTE, namespace); Fd there = open(namespace, O_CLOEXEC)) {
            for (NetworkOperation operation : operations) {
                perform(operation, inside, there);
            }
        }
    }

    private void perform(NetworkOperation operation, Netlink inside, Fd there) {
        String text = operation.text();
        if (operation instanceof NetworkOperation.Connect connect) {
            route.request(RouteMessages.makePair(connect.link(), connect.bridge(), connect.name(), connect.mac(), connect.mtu(), there.number()), "connect", text);
            int settled = route.attempt(RouteMessages.settlePort(connect.link(), connect.isolated(), connect.hairpin()));
            if (settled != 0 && settled != Errno.EAFNOSUPPORT.number() && settled != Errno.EOPNOTSUPP.number()) {
                throw Fault.of(Errno.of(settled), "connect", text);
            }
            route.request(RouteMessages.raise(connect.link()), "connect", text);
        } else if (operation instanceof NetworkOperation.Share share) {
            route.request(RouteMessages.makeMacvlan(share.name(), share.parent(), share.mac(), share.mtu(), there.number()), "connect", text);
        } else if (operation instanceof NetworkOperation.Parameter parameter) {
            Netlink.within(kernel, namespace, () -> {
                set("/proc/sys/" + parameter.path(), parameter.value());
                return true;
            });
        } else if (operation instanceof NetworkOperation.Assign assign) {
            int index = Links.find(inside, assign.name()).orElseThrow(() -> Fault.notFound("find", "link \"" + assign.name() + "\"", "it vanished")).index();
            inside.request(RouteMessages.addAddress(index, assign.address(), assign.prefix()), "connect", text);
        } else if (operation instanceof NetworkOperation.Raise raise) {
            inside.request(RouteMessages.raise(raise.name()), "connect", text);
        } else if (operation instanceof NetworkOperation.Route way) {
            int error = inside.attempt(RouteMessages.addRoute(way.destination(), way.gateway()));
            if (error != 0 && error != Errno.EEXIST.number()) {
                throw Fault.of(Errno.of(error), "connect", text);
            }
        } else if (operation instanceof NetworkOperation.Admit admit) {
            int error = filter.transact(Admission.enter(admit, true));
            if (error != 0) {
                throw Fault.of(Errno.of(error), "connect", text);
            }
        } else {
            throw new MatchException(text, null);
        }
    }

    private Fd open(String path, int flags) {
        try (Memory text = kernel.string(path)) {
            return new Fd(kernel, (int) Kernel.check(kernel.call(SystemCall.OPENAT, AT_FDCWD, text.address(), flags, 0), "open", "\"" + path + "\""));
        }
    }

    private void set(String path, String value) {
        try (Fd file = open(path, O_WRONLY_CLOEXEC); Memory text = kernel.string(value)) {
            Kernel.check(kernel.call(SystemCall.WRITE, file.number(), text.address(), value.getBytes(StandardCharsets.UTF_8).length), "write", "\"" + path + "\"");
        } catch (Fault absent) {
            // A kernel without IPv6 has no such parameters.
            if (absent.kind() != Fault.Kind.NOT_FOUND) {
                throw absent;
            }
        }
    }
}

package dev.carafe.plan;

import dev.carafe.base.IpAddress;
import dev.carafe.base.MacAddress;
import dev.carafe.base.Subnet;
import java.util.List;
import java.util.Optional;

/**
 * What connects a container with networks. The monitor does all of it, while init goes on with its mounts: one side from the host's network namespace,
 * one from that of init. Links of the container vanish with its namespace; what stands on the host besides is taken back by the inverses.
 */
public sealed interface NetworkOperation extends Operation {
    /** The option or rule that asks for it, in a few words. */
    String why();

    /** The page that the rule comes from. */
    String source();

    /**
     * Keeps others from listening on a port that is published: a socket is bound to it, and never used, for as long as the monitor lives.
     *
     * @param address of the host; one that is all zeros: every one of its version
     */
    record Reserve(String protocol, IpAddress address, int port) implements NetworkOperation {
        @Override
        public String text() {
            return "reserve port " + port + "/" + protocol + " on " + address;
        }

        @Override
        public String why() {
            return "--publish";
        }

        @Override
        public String source() {
            return "bind(2)";
        }
    }

    /**
     * Makes a pair of virtual Ethernet devices, one as a port of a bridge, the other one in init's network namespace.
     *
     * @param link the name of the port, on the host
     * @param bridge the bridge's index, which is what the kernel wants
     * @param isolated whether the port exchanges frames with the host only
     * @param hairpin whether the bridge may send back by the port what came from it: who calls its own published port does that
     */
    record Connect(String link, String bridgeName, int bridge, String name, MacAddress mac, int mtu, boolean isolated, boolean hairpin) implements NetworkOperation {
        @Override
        public String text() {
            return "connect " + name + " (" + mac + ") by " + link + " with bridge " + bridgeName + (isolated ? ", isolated from other ports" : "");
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("ip link add " + link + " mtu " + mtu + " master " + bridgeName + " type veth peer name " + name + " address " + mac + " mtu " + mtu
                    + " netns $init; " + (isolated ? "bridge link set dev " + link + " isolated on; " : "")
                    + (hairpin ? "bridge link set dev " + link + " hairpin on; " : "") + "ip link set " + link + " up");
        }

        @Override
        public String why() {
            return "--network";
        }

        @Override
        public String source() {
            return "veth(4), rtnetlink(7)";
        }
    }

    /** Makes a device in init's network namespace that shares one of the host's. @param parent its index */
    record Share(String parentName, int parent, String name, MacAddress mac, int mtu) implements NetworkOperation {
        @Override
        public String text() {
            return "connect " + name + " (" + mac + ") with " + parentName + " as macvlan";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("ip link add " + name + " link " + parentName + " address " + mac + " netns $init type macvlan mode bridge");
        }

        @Override
        public String why() {
            return "--network";
        }

        @Override
        public String source() {
            return "rtnetlink(7)";
        }
    }

    /** Sets a parameter of one of the container's links, before it goes up; a kernel without IPv6 has none of that. */
    record Parameter(String path, String value, String why) implements NetworkOperation {
        @Override
        public String text() {
            return "set " + path.replace('/', '.') + " to " + value;
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("nsenter -t $init -n sysctl " + path.replace('/', '.') + "=" + value);
        }

        @Override
        public String source() {
            return "the kernel's ip-sysctl document";
        }
    }

    /** Gives one of the container's links an address. */
    record Assign(String name, IpAddress address, int prefix) implements NetworkOperation {
        @Override
        public String text() {
            return "give " + name + " the address " + address + "/" + prefix;
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("nsenter -t $init -n ip address add " + address + "/" + prefix + " dev " + name);
        }

        @Override
        public String why() {
            return "its lease";
        }

        @Override
        public String source() {
            return "rtnetlink(7)";
        }
    }

    /** Brings one of the container's links up. */
    record Raise(String name) implements NetworkOperation {
        @Override
        public String text() {
            return "bring " + name + " up";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("nsenter -t $init -n ip link set " + name + " up");
        }

        @Override
        public String why() {
            return "--network";
        }

        @Override
        public String source() {
            return "rtnetlink(7)";
        }
    }

    /** Tells the container which neighbour leads to a destination; none: to everywhere. */
    record Route(Optional<Subnet> destination, IpAddress gateway) implements NetworkOperation {
        @Override
        public String text() {
            return "route " + (destination.isPresent() ? destination.get().toString() : "everything else") + " by " + gateway;
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("nsenter -t $init -n ip route add " + (destination.isPresent() ? destination.get().toString() : "default") + " via " + gateway);
        }

        @Override
        public String why() {
            return "the network's gateway";
        }

        @Override
        public String source() {
            return "rtnetlink(7)";
        }
    }

    /**
     * A port of the host that leads to one of the container.
     *
     * @param host an address of the host; one that is all zeros: every one of its version
     */
    record Published(String protocol, IpAddress host, int hostPort, IpAddress container, int containerPort) {
        @Override
        public String toString() {
            return bracketed(host) + ":" + hostPort + " -> " + bracketed(container) + ":" + containerPort + "/" + protocol;
        }

        private static String bracketed(IpAddress address) {
            return address.six() ? "[" + address + "]" : address.toString();
        }
    }

    /**
     * Enters an endpoint into the tables of the packet filter: which addresses its port may send from, and which ports of the host lead to it.
     *
     * @param table the name of the tables, one for packets and one for frames
     */
    record Admit(String table, String link, MacAddress mac, List<IpAddress> addresses, List<Published> ports) implements NetworkOperation {
        @Override
        public String text() {
            var text = new StringBuilder("admit ").append(mac);
            for (IpAddress address : addresses) {
                text.append(", ").append(address);
            }
            text.append(" from ").append(link);
            for (Published port : ports) {
                text.append("; publish ").append(port);
            }
            return text.toString();
        }

        @Override
        public Optional<Operation> inverse() {
            return Optional.of(new Dismiss(table, link, mac, addresses, ports));
        }

        @Override
        public String why() {
            return ports.isEmpty() ? "nobody sends in another one's name" : "--publish; nobody sends in another one's name";
        }

        @Override
        public String source() {
            return "nft(8)";
        }
    }

    /** Takes back what {@link Admit} entered; what is not there any more is no failure. */
    record Dismiss(String table, String link, MacAddress mac, List<IpAddress> addresses, List<Published> ports) implements NetworkOperation {
        @Override
        public String text() {
            return "dismiss " + mac + " from " + link + (ports.isEmpty() ? "" : " with its " + ports.size() + (ports.size() == 1 ? " port" : " ports"));
        }

        @Override
        public String why() {
            return "the endpoint is gone";
        }

        @Override
        public String source() {
            return "nft(8)";
        }
    }

    /** Removes the host's side of a pair if a file says that others use the namespace too; otherwise it goes with the namespace. */
    record Disconnect(String link, String ifThere) implements NetworkOperation {
        @Override
        public String text() {
            return "remove " + link + " if \"" + ifThere + "\" exists";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("[ ! -e " + ifThere + " ] || ip link del " + link);
        }

        @Override
        public String why() {
            return "a container that shares the namespace would keep it";
        }

        @Override
        public String source() {
            return "rtnetlink(7)";
        }
    }

    /**
     * Waits until the container's questions for names are answered: its engine holds a lock on a file until it has opened its sockets in the new namespace. The kernel
     * releases that lock whatever becomes of the engine.
     *
     * @param lock the file
     */
    record AwaitNames(String lock) implements NetworkOperation {
        @Override
        public String text() {
            return "wait until names are served";
        }

        @Override
        public Optional<String> shell() {
            return Optional.of("flock -s " + lock + " true");
        }

        @Override
        public String why() {
            return "the engine answers on 127.0.0.11";
        }

        @Override
        public String source() {
            return "flock(2)";
        }
    }

    /** Tells init that its links are there. */
    record Announce() implements NetworkOperation {
        @Override
        public String text() {
            return "tell init that its network is there";
        }

        @Override
        public String why() {
            return "init waits for it";
        }

        @Override
        public String source() {
            return "pipe(7)";
        }
    }

    /** Init waits until its links are there. */
    record Await() implements NetworkOperation {
        @Override
        public String text() {
            return "wait for the network";
        }

        @Override
        public String why() {
            return "programs expect their addresses";
        }

        @Override
        public String source() {
            return "pipe(7)";
        }
    }
}

package dev.carafe.network;

import dev.carafe.kernel.Links;
import dev.carafe.kernel.Netlink;
import dev.carafe.plan.NetworkOperation.Published;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tells what of the host belongs to networks, and why each thing is there. */
final class Explanation {
    private Explanation() {
    }

    static String of(String table, Netlink filter, Netlink route, List<Network> networks, Path runs, Networks all) {
        var text = new StringBuilder();
        text.append("bridges\n");
        for (Network network : networks) {
            if (network.isMacvlan()) {
                text.append("  ").append(network.parent().orElse("?")).append("  shared by network \"").append(network.name()).append("\" (macvlan)\n");
                continue;
            }
            Optional<Links.Link> link = Links.find(route, network.bridge());
            text.append("  ").append(network.bridge()).append("  network \"").append(network.name()).append("\"");
            network.pools().forEach(pool -> text.append(", ").append(pool.subnet()));
            text.append(link.isEmpty() ? "; not made yet: nobody has used it" : link.get().up() ? "; up" : "; left half made, and completed when it is used").append('\n');
        }
        var firewall = new Firewall(filter, table);
        boolean there = firewall.isThere();
        text.append("packet filter: tables inet ").append(table).append(" and bridge ").append(table).append(there ? "" : "; not made yet, or flushed by somebody").append('\n');
        Firewall.Chain last = null;
        for (Firewall.Line line : Firewall.lines()) {
            if (!line.chain().equals(last)) {
                last = line.chain();
                text.append("  chain ").append(last.name()).append(" (").append(last.type()).append(", ").append(last.family().name().toLowerCase(java.util.Locale.ROOT)).append(' ')
                        .append(last.hook().name().toLowerCase(java.util.Locale.ROOT)).append(", priority ").append(last.priority()).append(")\n");
            }
            text.append("    ").append(line.text()).append("\n        why   ").append(line.why()).append('\n');
        }
        text.append("published ports\n");
        for (String id : WholeFile.names(runs)) {
            Optional<Attachment> attachment = all.attachment(runs.resolve(id));
            if (attachment.isPresent() && all.isAttached(attachment.get())) {
                for (Published port : attachment.get().ports()) {
                    text.append("  ").append(port).append("  container ").append(id, 0, 12).append('\n');
                }
            }
        }
        if (there) {
            for (String chain : firewall.strangers()) {
                text.append("beware: chain ").append(chain).append(" is not ours and drops what its rules do not accept, also packets from and to containers\n");
            }
        }
        return text.toString();
    }
}

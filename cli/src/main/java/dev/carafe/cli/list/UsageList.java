package dev.carafe.cli.list;

import dev.carafe.cli.template.Value.Row;
import dev.carafe.cli.text.Amount;
import dev.carafe.engine.ResourceUsage;
import java.util.List;
import java.util.Locale;

/** What {@code stats} prints (docker's reference of {@code docker stats}, section "Format the output"). */
public final class UsageList {
    private static final Headings HEADINGS = new Headings("container",
            List.of("BlockIO", "CPUPerc", "Container", "ID", "MemPerc", "MemUsage", "Name", "NetIO", "PIDs"),
            List.of("BLOCK I/O", "CPU %", "CONTAINER", "CONTAINER ID", "MEM %", "MEM USAGE / LIMIT", "NAME", "NET I/O", "PIDS"));
    private static final String TABLE = "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}";

    private UsageList() {}

    /**
     * What one container used.
     *
     * @param asked the word by which it was asked for, or its id
     * @param cpuPercent of one processor
     */
    public record Use(String asked, String id, String name, ResourceUsage usage, double cpuPercent) {
    }

    /** The containers as text, a line for each. */
    public static String print(List<Use> uses, View view) {
        return Listing.print(view.format(), TABLE, HEADINGS, uses.stream().map(use -> (Row) new Line(use, view.whole())).toList());
    }

    private record Line(Use use, boolean whole) implements Listed {
        @Override
        public Headings headings() {
            return HEADINGS;
        }

        @Override
        public String text(String column) {
            ResourceUsage usage = use.usage();
            return switch (column) {
                case "Container" -> use.asked();
                case "ID" -> whole ? use.id() : use.id().substring(0, 12);
                case "Name" -> use.name();
                case "CPUPerc" -> percent(use.cpuPercent());
                case "MemPerc" -> percent(usage.memoryPercent());
                case "MemUsage" -> binary(usage.memory()) + " / " + binary(usage.memoryLimit());
                case "NetIO" -> Amount.size(usage.received(), 3) + " / " + Amount.size(usage.sent(), 3);
                case "BlockIO" -> Amount.size(usage.read(), 3) + " / " + Amount.size(usage.written(), 3);
                case "PIDs" -> Long.toString(usage.tasks());
                default -> throw new IllegalArgumentException(column);
            };
        }

        private static String percent(double value) {
            return String.format(Locale.ROOT, "%.2f%%", value);
        }

        /** Four significant digits in powers of 1024, as Go's units.BytesSize. */
        private static String binary(long bytes) {
            String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
            double size = bytes;
            int unit = 0;
            while (size >= 1024 && unit < units.length - 1) {
                size /= 1024;
                unit++;
            }
            var digits = new java.math.BigDecimal(size).round(new java.math.MathContext(4));
            return digits.stripTrailingZeros().toPlainString() + units[unit];
        }
    }
}

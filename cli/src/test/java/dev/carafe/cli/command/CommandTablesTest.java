package dev.carafe.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carafe.cli.flag.CommandSpec;
import dev.carafe.cli.flag.Help;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTablesTest {
    private static final CommandSpec TOP = CommandSpec.builder("carafe", "A container engine").operands("COMMAND", 0, CommandSpec.ANY).build();

    @Test
    void everyNameOfAHelpPageIsACommand() {
        String page = CommandTables.firstPage(TOP, Help.WIDTH);
        for (String line : page.lines().filter(each -> each.startsWith("  ")).toList()) {
            String name = line.strip().split("  |(?<=\\S) (?=[A-Z])")[0];
            assertThat(CommandTables.find(name)).as(name).isPresent();
        }
        assertThat(page).contains("Containers:", "Images:", "Registries:", "Volumes:", "Networks:", "System:");
    }

    @Test
    void everyCommandOfAGroupIsFoundByItsLongerSpelling() {
        for (String group : List.of("container", "image", "manifest", "registry", "volume", "network", "system")) {
            for (String line : CommandTables.page(group, Help.WIDTH).lines().filter(each -> each.startsWith("  ")).toList()) {
                assertThat(CommandTables.named(group, line.strip().split(" ")[0])).as(group + line).isPresent();
            }
        }
    }

    @Test
    void longerSpellingsMeanTheShorterCommands() {
        assertThat(CommandTables.named("container", "ls")).contains("ps");
        assertThat(CommandTables.named("image", "remove")).contains("rmi");
        assertThat(CommandTables.named("image", "inspect")).contains("image inspect");
        assertThat(CommandTables.named("system", "info")).contains("info");
        assertThat(CommandTables.named("image", "ps")).isEmpty();
        assertThat(CommandTables.named("container", "images")).isEmpty();
    }
}

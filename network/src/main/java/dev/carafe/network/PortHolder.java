package dev.carafe.network;

import dev.carafe.base.IpAddress;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out who listens on a port: proc_net(5) says which socket, and the descriptors of all processes whose it is. */
public final class PortHolder {
    private PortHolder() {
    }

    /** Such as {@code pid 4312 (nginx)}; empty when it cannot be seen. */
    public static Optional<String> of(String protocol, IpAddress address, int port) {
        for (String table : List.of(protocol, protocol + "6")) {
            for (String inode : inodes(table, address, port)) {
                Optional<String> process = process("socket:[" + inode + "]");
                if (process.isPresent()) {
                    return process;
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> inodes(String table, IpAddress address, int port) {
        var found = new ArrayList<String>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/net/" + table))) {
                String[] words = line.trim().split(" +");
                int colon = words.length > 9 ? words[1].indexOf(':') : -1;
                boolean listens = table.startsWith("udp") || words.length > 3 && words[3].equals("0A");
                if (colon > 0 && listens && Integer.parseInt(words[1].substring(colon + 1), 16) == port && covers(words[1].substring(0, colon), address)) {
                    found.add(words[9]);
                }
            }
        } catch (IOException e) {
            return found;
        }
        return found;
    }

    /** The table prints addresses as numbers of 32 bits in the machine's order. */
    private static boolean covers(String hex, IpAddress address) {
        byte[] bytes = new byte[hex.length() / 2];
        boolean little = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
        for (int k = 0; k < bytes.length; k++) {
            int at = little ? k / 4 * 4 + 3 - k % 4 : k;
            bytes[at] = (byte) Integer.parseInt(hex.substring(2 * k, 2 * k + 2), 16);
        }
        IpAddress listening = IpAddress.of(bytes);
        return listening.isAny() || address.isAny() || listening.equals(address);
    }

    private static Optional<String> process(String socket) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, socket)) {
                    String name = WholeFile.read(process.resolve("comm")).orElse("?").trim();
                    return Optional.of("pid " + process.getFileName() + " (" + name + ")");
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, String socket) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor) && Files.readSymbolicLink(descriptor).toString().equals(socket)) {
                    return true;
                }
            }
        } catch (IOException | java.io.UncheckedIOException | java.nio.file.DirectoryIteratorException e) {
            // It has ended, or it is not ours to look into.
            return false;
        }
        return false;
    }
}

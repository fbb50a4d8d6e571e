package dev.carafe.docker;

import dev.carafe.base.Fault;
import dev.carafe.engine.NamespaceMode;
import dev.carafe.engine.NamespaceOptions;
import dev.carafe.engine.SecurityOptions;
import dev.carafe.engine.SecurityOptions.DeviceMapping;
import dev.carafe.engine.SecurityWords;
import dev.carafe.oci.Json;
import dev.carafe.oci.runtime.DeviceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a {@code HostConfig} says of rights, devices and namespaces. */
final class SecurityRequest {
    private SecurityRequest() {
    }

    static SecurityOptions of(Body host) {
        var security = SecurityOptions.builder().privileged(host.on("Privileged")).capabilities(host.words("CapAdd"), host.words("CapDrop"))
                .devices(devices(host)).deviceRules(rules(host)).sysctls(host.map("Sysctls"));
        var words = new ArrayList<>(host.texts("SecurityOpt"));
        // Docker's client turns systempaths=unconfined into two lists with nothing in them.
        boolean open = host.has("MaskedPaths") && host.texts("MaskedPaths").isEmpty() && host.has("ReadonlyPaths") && host.texts("ReadonlyPaths").isEmpty();
        if (!open && (host.has("MaskedPaths") || host.has("ReadonlyPaths"))) {
            throw ApiFault.unsupported("MaskedPaths and ReadonlyPaths can only be emptied, both at once; use mask= and unmask= of SecurityOpt");
        }
        SecurityWords.apply(words, SecurityRequest::profile, security);
        if (open) {
            security.systemPathsOpen(true);
        }
        return security.build();
    }

    /** A client sends the profile itself; no file of this machine is read on its behalf. */
    private static String profile(String value) {
        try {
            Json.parseObject("seccomp profile", value);
            return value;
        } catch (Fault bad) {
            throw ApiFault.invalid("Decoding seccomp profile failed: " + bad.getMessage());
        }
    }

    private static List<DeviceMapping> devices(Body host) {
        var all = new ArrayList<DeviceMapping>();
        for (Body device : host.objects("Devices")) {
            String source = device.text("PathOnHost");
            all.add(new DeviceMapping(source, device.given("PathInContainer").orElse(source), device.given("CgroupPermissions").orElse("rwm")));
        }
        return all;
    }

    private static List<DeviceRule> rules(Body host) {
        var all = new ArrayList<DeviceRule>();
        for (String text : host.texts("DeviceCgroupRules")) {
            java.util.regex.Matcher rule = RULE.matcher(text);
            if (!rule.matches()) {
                throw ApiFault.invalid("invalid device cgroup rule format: '" + text + "'");
            }
            DeviceRule.Type type = switch (rule.group(1)) {
                case "b" -> DeviceRule.Type.BLOCK;
                case "c" -> DeviceRule.Type.CHARACTER;
                default -> DeviceRule.Type.ALL;
            };
            all.add(new DeviceRule(true, Optional.of(type), number(rule.group(2)), number(rule.group(3)), Optional.of(rule.group(4))));
        }
        return all;
    }

    private static final java.util.regex.Pattern RULE = java.util.regex.Pattern.compile("([acb]) ([0-9]{1,9}|\\*):([0-9]{1,9}|\\*) ([rwm]{1,3})");

    private static Optional<Long> number(String digits) {
        return digits.equals("*") ? Optional.empty() : Optional.of(Long.parseLong(digits));
    }

    static NamespaceOptions namespaces(Body host) {
        return new NamespaceOptions(mode(host, "PidMode", "PID", "host", "container"),
                mode(host, "IpcMode", "IPC", "private", "shareable", "none", "host", "container"),
                mode(host, "UTSMode", "UTS", "host"), mode(host, "UsernsMode", "user namespace", "host"), mode(host, "CgroupnsMode", "cgroup namespace", "private", "host"));
    }

    private static NamespaceMode mode(Body host, String field, String kind, String... allowed) {
        String text = host.text(field);
        if (text.isEmpty()) {
            return new NamespaceMode.Usual();
        }
        int colon = text.indexOf(':');
        Optional<NamespaceMode> mode = List.of(allowed).contains(colon < 0 ? text : text.substring(0, colon)) ? NamespaceMode.parse(text) : Optional.empty();
        return mode.orElseThrow(() -> ApiFault.invalid("invalid " + kind + " mode: " + text));
    }
}

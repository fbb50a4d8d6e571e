package dev.carafe.transport.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.carafe.base.Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@code hosts.toml} of one registry, in containerd's form: the hosts to ask, in order, and the registry itself behind them. */
record HostsFile(List<Host> hosts, Optional<Host> server) {
    /** A host and what it may be asked for. */
    record Host(URI address, boolean pull, boolean push, boolean skipVerify, boolean overridePath, List<Path> authorities, Map<String, String> headers) {
        Endpoint endpoint(String domain, List<Path> certificates, boolean verify) {
            var all = new ArrayList<>(certificates);
            all.addAll(authorities);
            String path = address.getPath() == null ? "" : address.getPath();
            path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return new Endpoint(domain, address.getAuthority(), List.of(address.getScheme()), overridePath || path.endsWith("/v2") ? path : path + "/v2", verify && !skipVerify, all, headers);
        }
    }

    static Optional<HostsFile> load(Path directory) {
        Path file = directory.resolve("hosts.toml");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonObject content;
        try {
            content = Toml.parse("\"" + file + "\"", Files.readString(file));
        } catch (IOException e) {
            throw Fault.of(Fault.Kind.UNAVAILABLE, "read", "\"" + file + "\"", String.valueOf(e.getMessage())).cause(e);
        }
        var hosts = new ArrayList<Host>();
        if (content.get("host") instanceof JsonObject table) {
            for (Map.Entry<String, JsonElement> each : table.entrySet()) {
                hosts.add(host(each.getKey(), each.getValue().getAsJsonObject(), file));
            }
        }
        Optional<Host> server = content.has("server") ? Optional.of(host(content.get("server").getAsString(), content, file)) : Optional.empty();
        return Optional.of(new HostsFile(hosts, server));
    }

    private static Host host(String address, JsonObject table, Path file) {
        URI uri;
        try {
            uri = URI.create(address.contains("://") ? address : "https://" + address);
        } catch (IllegalArgumentException e) {
            throw Fault.invalid("read", "\"" + file + "\"", "\"" + address + "\" is no address");
        }
        if (table.has("client")) {
            throw Fault.of(Fault.Kind.UNSUPPORTED, "read", "\"" + file + "\"", "client is not read here").hint("put the certificate beside hosts.toml, as NAME.cert and NAME.key");
        }
        var capabilities = new ArrayList<String>();
        if (table.get("capabilities") instanceof JsonArray list) {
            list.forEach(each -> capabilities.add(each.getAsString()));
        }
        var authorities = new ArrayList<Path>();
        if (table.get("ca") instanceof JsonArray list) {
            list.forEach(each -> authorities.add(file.resolveSibling(each.getAsString())));
        } else if (table.has("ca")) {
            authorities.add(file.resolveSibling(table.get("ca").getAsString()));
        }
        var headers = new HashMap<String, String>();
        if (table.get("header") instanceof JsonObject given) {
            given.entrySet().forEach(each -> headers.put(each.getKey(), each.getValue() instanceof JsonArray list ? list.get(0).getAsString() : each.getValue().getAsString()));
        }
        boolean every = capabilities.isEmpty();
        return new Host(uri, every || capabilities.contains("pull"), every || capabilities.contains("push"), table.has("skip_verify") && table.get("skip_verify").getAsBoolean(),
                table.has("override_path") && table.get("override_path").getAsBoolean(), authorities, headers);
    }
}

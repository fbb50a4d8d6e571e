package dev.carafe.cli.run;

import dev.carafe.cli.flag.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The variables of {@code --env-file} and {@code --env}, in that order, so that the latter win. */
final class Variables {
    private Variables() {}

    /** Each {@code NAME=value}; a name alone takes the caller's value, or stays alone where the caller has none. */
    static List<String> read(Values values, Caller caller) {
        var all = new ArrayList<String>();
        for (String path : values.list("env-file")) {
            all.addAll(VariableFile.parse(caller.read(path), Optional.of(caller.environment())));
        }
        Map<String, String> environment = caller.environment();
        for (String variable : values.list("env")) {
            boolean inherits = variable.indexOf('=') < 0 && environment.containsKey(variable);
            all.add(inherits ? variable + "=" + environment.get(variable) : variable);
        }
        return all;
    }
}

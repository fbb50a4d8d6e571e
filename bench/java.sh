# Sourced by the commands beside it: sets java and class_path, or says what is missing.
root=$(dirname "$here")

for java in "${JAVA_HOME:-}/bin/java" /usr/lib/jvm/*25*/bin/java; do
    [ -x "$java" ] && "$java" --version 2>/dev/null | grep -q '^openjdk 25' && break
    java=
done
[ -n "$java" ] || { echo "bench: no JDK 25 in JAVA_HOME or below /usr/lib/jvm" >&2; exit 1; }

class_path=$(echo "$here"/target/carafe-bench-*.jar)
[ -f "$class_path" ] || { echo "bench: not built; run: mvn -q -pl bench -am package" >&2; exit 1; }
class_path=$class_path:$here/target/lib/*

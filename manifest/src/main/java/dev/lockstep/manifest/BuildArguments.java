package dev.lockstep.manifest;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of {@code ARG} before the first {@code FROM} of a {@code Containerfile(5)}, and what they make of a text. */
final class BuildArguments {
    private static final Pattern VARIABLE = Pattern.compile(
            "\\\\(?<plain>.)|\\$(?<bare>[A-Za-z_][A-Za-z0-9_]*)|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?:(?<operator>:?[-+])(?<word>[^{}]*))?}|\\$\\{[^}]*}?");

    private final Map<String, String> given;
    private final Map<String, String> values = new HashMap<>();

    /**
     * Starts without any declared.
     *
     * @param given what the build gives for those that are declared
     */
    BuildArguments(Map<String, String> given) {
        this.given = Map.copyOf(given);
    }

    /** What came of a text. */
    sealed interface Expanded {}

    /** All variables have a value. */
    record Text(String value) implements Expanded {}

    /** One has none. */
    record Unknown(String variable) implements Expanded {}

    /** Takes one {@code NAME} or {@code NAME=default} of {@code ARG}. A default that has no value leaves the variable without one. */
    void declare(String declaration) {
        int equals = declaration.indexOf('=');
        String name = equals < 0 ? declaration : declaration.substring(0, equals);
        String value = given.get(name);
        if (value != null) {
            values.put(name, value);
        } else if (equals > 0 && expand(declaration.substring(equals + 1)) instanceof Text text) {
            values.put(name, text.value());
        }
    }

    Expanded expand(String text) {
        Matcher variable = VARIABLE.matcher(unquoted(text));
        StringBuilder expanded = new StringBuilder();
        while (variable.find()) {
            Optional<String> value = value(variable);
            if (value.isEmpty()) {
                return new Unknown(variable.group());
            }
            variable.appendReplacement(expanded, Matcher.quoteReplacement(value.get()));
        }
        return new Text(variable.appendTail(expanded).toString());
    }

    private Optional<String> value(Matcher variable) {
        Optional<String> plain = group(variable, "plain");
        if (plain.isPresent()) {
            return plain;
        }
        Optional<String> name = group(variable, "bare").or(() -> group(variable, "name"));
        Optional<String> value = name.map(values::get);
        Optional<String> operator = group(variable, "operator");
        if (operator.isEmpty()) {
            return value;
        }
        boolean isSet = value.isPresent()
                && !(operator.get().startsWith(":") && value.get().isEmpty());
        Expanded other = expand(group(variable, "word").orElse(""));
        Optional<String> word = other instanceof Text text ? Optional.of(text.value()) : Optional.empty();
        return operator.get().endsWith("-") ? (isSet ? value : word) : (isSet ? word : Optional.of(""));
    }

    private static Optional<String> group(Matcher matcher, String name) {
        return Optional.ofNullable(matcher.group(name));
    }

    private static String unquoted(String text) {
        boolean pair = text.length() >= 2 && "\"'".indexOf(text.charAt(0)) >= 0 && text.endsWith(text.substring(0, 1));
        return pair ? text.substring(1, text.length() - 1) : text;
    }
}

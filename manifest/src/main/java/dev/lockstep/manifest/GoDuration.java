package dev.lockstep.manifest;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration as podman reads it: Go's {@code time.ParseDuration}, such as {@code 5s}, {@code 1m30s} or {@code 1.5h}. */
final class GoDuration {
    private static final Pattern PART = Pattern.compile("\\G([0-9]{1,9}(?:\\.[0-9]{0,9})?)(ns|us|µs|ms|s|m|h)");
    private static final int LONGEST_TEXT = 64;

    private GoDuration() {}

    /** Empty when the text is no duration, or a negative one. */
    static Optional<Duration> parse(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        Matcher matcher = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (matcher.find()) {
            BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(nanos(matcher.group(2))));
            sum = sum.plus(Duration.ofSeconds(nanos.longValue() / 1_000_000_000L, nanos.longValue() % 1_000_000_000L));
            end = matcher.end();
        }
        return end > 0 && end == text.length() ? Optional.of(sum) : Optional.empty();
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "µs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> throw new IllegalArgumentException("not a unit of time: " + unit);
        };
    }
}

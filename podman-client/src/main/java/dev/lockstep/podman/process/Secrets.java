package dev.lockstep.podman.process;

import java.util.regex.Pattern;

/** Keeps what must stay secret out of everything that is shown or stored. */
public final class Secrets {
    private static final Pattern USER_INFO = Pattern.compile("(?<scheme>[a-z][a-z0-9+.-]{0,15}://)[^/@\\s]+@");
    private static final Pattern BEARER = Pattern.compile("(?i)(?<kind>bearer|basic)\\s+[A-Za-z0-9+/=._~-]{8,}");
    private static final Pattern QUERY = Pattern.compile(
            "(?i)(?<key>(?:access_?|refresh_?)?token|password|signature|sig|x-amz-[a-z-]{1,40})=[^&\\s\"]+");

    private Secrets() {}

    /** The same text with credentials in URLs, authorization headers and signed queries replaced by {@code ***}. */
    public static String redact(String text) {
        String result = USER_INFO.matcher(text).replaceAll("${scheme}***@");
        result = BEARER.matcher(result).replaceAll("${kind} ***");
        return QUERY.matcher(result).replaceAll("${key}=***");
    }
}

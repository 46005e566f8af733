package dev.lockstep.systemd.journal;

import dev.lockstep.orchestrator.Event;

/**
 * How an event is told.
 *
 * @param id {@code MESSAGE_ID}: 128 bits as 32 hexadecimal digits. It never changes, and {@code lockstep.catalog} explains it
 * @param priority how much it matters
 * @param lead the message's first words
 */
record Message(String id, Priority priority, String lead) {

    /** Every event has one. */
    static Message of(Event event) {
        return switch (event) {
            case BEGAN -> notice("7945725fb1b047fda2479e200effcbaa", "An upgrade began");
            case ADOPTED -> notice("d1babcbea9dd4f5facbd0005f30570ea", "A staged deployment was adopted");
            case RESUMED -> notice("25f61a0cbb544d38b4ef40c1c8fad128", "An upgrade was taken up again");
            case STAGED -> info("1f2a1d17e91c4d95b8427d9a6db8d4c3", "The new root is staged and cannot boot");
            case IMAGE_PULLED -> info("f719cbc626d24725acc9587cd08e5e3f", "An image was pulled");
            case READY -> notice("766f8252377e4b168849e7b6e2a70ec3", "Every bound image is confirmed");
            case FORCED ->
                new Message(
                        "c3db12a38e5c40ffbb36a5e1722c2f7d", Priority.WARNING, "A commit without its images was forced");
            case COMMITTED -> notice("d34537eec6ae4ca09d8d48bf2be697f0", "The new deployment is committed");
            case BOOTED -> notice("2ee3b1b6f2f544299a139b0e995496b7", "The new deployment has booted");
            case FELL_BACK ->
                new Message(
                        "ff6aa0d472df48bbb0beaa9079d44eef",
                        Priority.WARNING,
                        "The host fell back from what was committed");
            case ABORTED -> notice("a09bfa629a894102aebccc13a4dfbfa8", "An upgrade was given up");
            case ROLLED_BACK -> notice("b0387579f43e4b9196b3b69670e0f8fe", "The former deployment boots next again");
            case BOUND -> info("001f4d66686c40a8bebb54e884f51067", "Tags are bound");
            case REPAIRED -> notice("07e488ed212149b1977bdf14e46acc3c", "Images were made whole again");
            case COLLECTED -> info("9cf6000137134292b216e133b3883fab", "Images that nobody needs were removed");
            case RECOVERED ->
                new Message("013e72e7d67c470fa057e942bab55fa3", Priority.WARNING, "What a crash left was set right");
            case GATE_REFUSED ->
                new Message(
                        "44b6208a1ab54069a38fcbb9eca4b632",
                        Priority.WARNING,
                        "The shutdown gate held a deployment back");
            case HELD -> new Message("2bc3da7f663f4536bd866080cc8a0896", Priority.WARNING, "Ready, but held");
            case FAILED -> new Message("9859540d589b4e56b40305fe7b3f0b74", Priority.ERR, "A command failed");
            case REBOOT -> notice("a27763a891d64725b1963be91ac4999e", "A reboot");
        };
    }

    private static Message notice(String id, String lead) {
        return new Message(id, Priority.NOTICE, lead);
    }

    private static Message info(String id, String lead) {
        return new Message(id, Priority.INFO, lead);
    }
}

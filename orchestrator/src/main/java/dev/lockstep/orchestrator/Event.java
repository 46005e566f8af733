package dev.lockstep.orchestrator;

/** What can happen to a host. Each has a label, which is what the history's file calls it and never changes. */
public enum Event {
    /** A transaction began: its record is durable, nothing else has changed. */
    BEGAN("began"),
    /** Another program's staged deployment became a transaction. */
    ADOPTED("adopted"),
    /** A transaction whose staging a shutdown lost is taken up again. */
    RESUMED("resumed"),
    /** The new root is where it can be read; it cannot boot. */
    STAGED("staged"),
    /** An image came into the store whole. */
    IMAGE_PULLED("image-pulled"),
    /** Every image of the new root is whole, pinned and durable. */
    READY("ready"),
    /** An administrator wants the commit whatever the images are. */
    FORCED("forced"),
    /** The new deployment boots next, or will after the shutdown. */
    COMMITTED("committed"),
    /** What was committed has booted and reached boot-complete.target: the transaction is closed. */
    BOOTED("booted"),
    /** What was committed did not stay booted: the host runs another deployment, and does not try again by itself. */
    FELL_BACK("fell-back"),
    /** A transaction was given up; what booted next before still does. */
    ABORTED("aborted"),
    /** The former deployment boots next again. */
    ROLLED_BACK("rolled-back"),
    /** The store's tags mean the images of a deployment. */
    BOUND("bound"),
    /** A deployment's images were lacking or damaged, and are whole again. */
    REPAIRED("repaired"),
    /** Images that no deployment needs were removed. */
    COLLECTED("collected"),
    /** What a crash left behind was set right. */
    RECOVERED("recovered"),
    /** The shutdown gate did not let through what was staged. */
    GATE_REFUSED("gate-refused"),
    /** Ready, but a check or somebody else's lock holds it. */
    HELD("held"),
    /** A command failed; the state is unchanged. */
    FAILED("failed"),
    /** A reboot was asked for, or put off to a window. */
    REBOOT("reboot");

    private final String label;

    Event(String label) {
        this.label = label;
    }

    /** Lower-case words with dashes. */
    public String label() {
        return label;
    }
}

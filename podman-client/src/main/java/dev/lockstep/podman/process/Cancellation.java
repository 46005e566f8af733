package dev.lockstep.podman.process;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether this process has been asked to stop; set once, from the signal's thread. */
public final class Cancellation {
    private final CountDownLatch requested = new CountDownLatch(1);

    /** Asks to stop. */
    public void request() {
        requested.countDown();
    }

    /** Whether to stop. */
    public boolean requested() {
        return requested.getCount() == 0;
    }

    /** Waits, for example between two tries, and returns early and true when asked to stop. */
    public boolean await(java.time.Duration time) throws InterruptedException {
        return requested.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}

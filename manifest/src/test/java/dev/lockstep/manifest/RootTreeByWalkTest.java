package dev.lockstep.manifest;

/** The contract, kept by our own walk. */
final class RootTreeByWalkTest extends RootTreeContract {
    @Override
    RootedOpen opener() {
        return new ComponentWalk();
    }
}

package dev.lockstep.podman;

/** Something about an image failed. The message names the image and the reason; the hint says what to do. */
public final class ImageException extends Exception {
    private static final long serialVersionUID = 1L;
    private final ImageError error;
    private final String hint;

    public ImageException(ImageError error, String message, String hint) {
        super(message);
        this.error = error;
        this.hint = hint;
    }

    public ImageException(ImageError error, String message, String hint, Throwable cause) {
        super(message, cause);
        this.error = error;
        this.hint = hint;
    }

    /** The stable reason. */
    public ImageError error() {
        return error;
    }

    /** What the user can do. */
    public String hint() {
        return hint;
    }
}

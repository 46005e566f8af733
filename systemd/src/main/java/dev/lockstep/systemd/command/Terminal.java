package dev.lockstep.systemd.command;

import java.io.PrintWriter;

/**
 * Where a command writes.
 *
 * @param out answers
 * @param err progress and errors
 * @param live whether a person watches, so that lines may be written over
 */
record Terminal(PrintWriter out, PrintWriter err, boolean live) {}

/**
 * The transaction that moves an operating system and its application images together.
 */
@NullMarked
package dev.lockstep.orchestrator;

import org.jspecify.annotations.NullMarked;

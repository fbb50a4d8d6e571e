package dev.carafe.bench;

/**
 * What one command cost.
 *
 * @param wallMillis from before its fork to after its wait, as its caller sees it
 * @param cpuMillis processor time of everything that worked for it, until a pause after its end
 */
public record Sample(double wallMillis, double cpuMillis) {}

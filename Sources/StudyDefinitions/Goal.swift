/// Whether larger or smaller values of a metric are better.
public enum Goal: String, Sendable, Hashable { case maximize, minimize }

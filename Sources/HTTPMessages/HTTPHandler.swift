/// What answers requests: never throws, and answers every request.
public typealias HTTPHandler = @Sendable (HTTPRequest) async -> HTTPResponse

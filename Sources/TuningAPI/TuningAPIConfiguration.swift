import Studies
import StudyDefinitions

/// What composition hands to the API.
public struct TuningAPIConfiguration: Sendable {
  /// What callers may ask of studies.
  public var service: any StudyService
  /// What definitions may name.
  public var context: DefinitionContext
  /// Takes data sets in; nil where none may be brought.
  public var library: (any DatasetLibrary)?
  /// Judges trials' networks; nil where none are kept.
  public var evaluator: (any TrialEvaluator)?
  /// Shows examples as pictures; nil where none can be shown.
  public var pictures: (any ExamplePictures)?
  /// Remembers what requests with an `Idempotency-Key` were answered; nil forgets.
  public var answers: (any AnswerStore)?
  /// The folder of the results page; nil where none was found.
  public var publicFolder: String?
  /// Where that folder was looked for.
  public var searchedFolders: [String]
  /// What callers must show; nil lets everybody on this machine in.
  public var token: String?
  /// The names that a service without a token has.
  public var hosts: HostRule
  /// The path below which a proxy shows the service.
  public var basePath: BasePath
  /// Which pages may show the results page in a frame, as a source list of Content-Security-Policy.
  public var frameAncestors: String
  /// The program's version.
  public var version: String
  /// What time it is.
  public var clock: any StudyClock
  /// Whether the service takes work; until then `/readyz` says 503.
  public var isReady: @Sendable () -> Bool
  /// Lines of `/metrics` that other rooms count.
  public var moreMetrics: @Sendable () -> [Metric]
  /// Logs an error whose details are not shown to the caller.
  public var log: @Sendable (String) -> Void

  /// Makes a configuration.
  public init(
    service: any StudyService, context: DefinitionContext, library: (any DatasetLibrary)? = nil,
    evaluator: (any TrialEvaluator)? = nil, pictures: (any ExamplePictures)? = nil,
    answers: (any AnswerStore)? = nil, publicFolder: String?, searchedFolders: [String],
    token: String?, hosts: HostRule = HostRule(adding: []),
    basePath: BasePath? = nil, frameAncestors: String = "'none'", version: String,
    clock: any StudyClock = SystemClock(),
    isReady: @escaping @Sendable () -> Bool = { true }, moreMetrics: @escaping @Sendable () -> [Metric] = { [] },
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.service = service
    self.context = context
    self.library = library
    self.evaluator = evaluator
    self.pictures = pictures
    self.answers = answers
    self.publicFolder = publicFolder
    self.searchedFolders = searchedFolders
    self.token = token
    self.hosts = hosts
    self.basePath = basePath ?? .none
    self.frameAncestors = frameAncestors
    self.version = version
    self.clock = clock
    self.isReady = isReady
    self.moreMetrics = moreMetrics
    self.log = log
  }
}

import Foundation
import Logging
import Promises
import Studies

/// The workers of this process: threads of their own that pull trials from the queue.
public final class LocalPool: Sendable {
  /// How much lower than HTTP's the priority of a training thread is (a nice value).
  public static let nice: Int32 = 10

  /// Prepares a piece of work on the calling thread.
  public typealias Trainer = @Sendable (Work) -> PreparedWork

  private let queue: TrialQueue
  private let trainer: Trainer
  private let logger: Logger
  private let workers: [Worker]
  private let handover = Handover()
  /// How many workers have not left.
  private let presence = Locked(0)

  /// Makes a pool of `workers` threads, named `local-1`, `local-2`, ….
  public init(
    workers: Int, queue: TrialQueue, logger: Logger, trainer: @escaping Trainer
  ) {
    self.queue = queue
    self.trainer = trainer
    self.logger = logger
    self.workers = (1...max(1, workers)).map { Worker(name: "local-\($0)") }
  }

  /// Starts pulling trials.
  public func start() {
    for worker in workers {
      presence.withLock { $0 += 1 }
      Task {
        await work(as: worker)
        presence.withLock { $0 -= 1 }
      }
    }
  }

  /// Waits until every worker has left, which each does once the queue is closed and its trial is done or cancelled, but no
  /// longer than that.
  public func finish(within seconds: Double = 1e9) async {
    let end = SuspendingClock.now + .seconds(seconds)
    while presence.value > 0, SuspendingClock.now < end {
      await Task.detached { try? await Task.sleep(for: .milliseconds(5), clock: SuspendingClock()) }.value
    }
  }

  private func work(as worker: Worker) async {
    let thread = TrainingThread(name: worker.name, nice: Self.nice, handover: handover)
    defer { thread.stop() }
    var finished: (work: Work, report: WorkReport)?
    var isRefused = false
    while true {
      do {
        guard let work = try await queue.next(worker: worker, finished: finished) else { return }
        (finished, isRefused) = (nil, false)
        finished = (work, await run(work, on: thread))
      } catch {
        // The trial goes back into the queue at the next start.
        if await queue.isClosed { return }
        if !isRefused {
          logger.error("\(worker.name): the outcome of a trial could not be stored, trying again: \(error)")
        }
        isRefused = true
        try? await Task.sleep(for: .seconds(1), clock: SuspendingClock())
      }
    }
  }

  private func run(_ work: Work, on thread: TrainingThread) async -> WorkReport {
    let (trainer, queue, handover) = (trainer, queue, handover)
    let prepared = await thread.run { trainer(work) }
    var known: [EvaluationKey: RecordedEvaluation] = [:]
    do { known = try await queue.evaluations(prepared.keys) } catch {
      // What the record cannot tell is trained.
      logger.warning("the record of evaluations could not be read: \(error)")
    }
    return await thread.run { [known] in
      prepared.run(known) { report in
        guard case .trials(let trials) = work else { return }
        // One that cannot be stored now is reported again at the end.
        handover.post { Task { try? await queue.report(early: trials, report) } }
      }
    }
  }
}

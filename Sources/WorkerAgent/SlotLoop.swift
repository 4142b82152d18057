import APIClient
import Foundation

/// One slot of a worker: asks for a trial, runs the command, tells what came of it, and so on until nothing is left to do.
/// Blocks; runs on a thread of its own.
struct SlotLoop {
  /// What all slots share.
  struct Shared: Sendable {
    var options: WorkerOptions
    var facts: StudyFacts
    var command: CommandForm
    var folders: ScratchFolders
    var tally: WorkerTally
    var stop: WorkerStop
    var voice: WorkerVoice
  }

  let shared: Shared
  let slot: Int
  let requests: ServiceRequests
  private let environment: CommandEnvironment
  private let asking: APIConnection
  private let telling: APIConnection

  /// How long an answer is held for a slot that has nothing to do, in seconds.
  private static let wait = 30.0

  init(shared: Shared, slot: Int, worker: String, device: String?) {
    self.shared = shared
    self.slot = slot
    let options = shared.options
    requests = ServiceRequests(study: options.study, worker: worker, leaseSeconds: options.leaseSeconds)
    environment = CommandEnvironment(
      study: options.study, slot: slot,
      device: device.flatMap { device in options.slotVariable.map { ($0, device) } })
    let stop = shared.stop
    let agent = "cairn-worker/\(options.version)"
    asking = APIConnection(to: options.address, token: options.token, agent: agent) { !stop.isAsked }
    telling = APIConnection(to: options.address, token: options.token, agent: agent) { !stop.isOverdue }
  }

  /// Runs until the study has ended, or there is another reason to end.
  func run() {
    var idleSince = Moment.now
    var next = Next.unknown
    while !shared.stop.isAsked {
      switch next {
      case .trial(let trial):
        next = perform(trial)
        idleSince = Moment.now
      case .unknown:
        guard shared.tally.reserve() else { return }
        next = ask(idleSince: idleSince)
        if next == .nothing { shared.tally.unreserve() }
      case .nothing: return
      }
    }
    // Handed out at the very end: nobody has begun with it.
    if case .trial(let trial) = next { handBack(trial) }
  }

  // Asking

  /// What comes next for the slot.
  private enum Next: Equatable {
    case trial(Assignment)
    /// It has to ask.
    case unknown
    /// It has to end.
    case nothing

    var isTrial: Bool { self != .unknown && self != .nothing }
  }

  private func ask(idleSince: Double) -> Next {
    var backoff = Backoff()
    while !shared.stop.isAsked {
      let left = shared.options.idleExit.map { idleSince + $0 - Moment.now } ?? .infinity
      guard left > 0 else { return .nothing }
      let begun = Moment.now
      switch answer(asking, requests.suggestion(wait: min(Self.wait, left))) {
      case .value(let value):
        backoff.succeeded()
        guard let offer = Offer(value) else { return refuse("The service's answer is not one of ask and tell.") }
        if let trial = offer.trial { return .trial(trial) }
        if offer.hasEnded { return .nothing }
        // What the answer was held for counts; one that was not held must not be asked for again at once.
        let rest = (offer.retryAfter ?? 1) - (Moment.now - begun)
        shared.stop.sleep(min(max(rest, 0.05), Self.wait, left))
      case .unavailable(let reason, let seconds):
        shared.tally.isUnreachable(reason)
        shared.stop.sleep(min(backoff.next(asked: seconds), left))
      case .missing(let detail): return refuse("The study \"\(shared.options.study)\" is gone: \(detail)")
      case .closed(let detail), .refused(let detail), .conflict(let detail, _): return refuse(detail)
      }
    }
    return .nothing
  }

  private func refuse(_ sentence: String) -> Next {
    shared.tally.refuse(WorkerRefusal(sentence))
    return .nothing
  }

  /// Sends a request; where there is no answer, it is one that says so.
  private func answer(_ connection: APIConnection, _ request: APIRequest) -> ServiceAnswer {
    do throws(APIFailure) {
      let answer = ServiceAnswer(try connection.send(request))
      if case .unavailable = answer { return answer }
      shared.tally.isReached()
      return answer
    } catch {
      return .unavailable(error.description, retryAfter: nil)
    }
  }

  // Running and telling

  /// Runs a trial's command and tells all about it; gives what the service has said of the next trial.
  private func perform(_ trial: Assignment) -> Next {
    let desk = TrialDesk(
      TrialReport(leaseSeconds: shared.options.leaseSeconds, isPrunable: shared.facts.isPruned, now: Moment.now))
    let watched: WatchedCommand
    do throws(WorkerRefusal) {
      let folder = try shared.folders.open(study: shared.facts.id, trial: trial)
      watched = WatchedCommand(try plan(trial, folder), rules(trial), desk: desk, folder: folder)
    } catch {
      handBack(trial)
      return refuse(error.description)
    }
    shared.stop.add(desk)
    watched.start(named: "slot \(slot)")
    let (conclusion, next) = talk(about: trial, desk)
    watched.waitForEnd()
    shared.stop.remove(desk)
    if let code = watched.refusal { shared.tally.refuse(shared.command.refusal(code)) }
    say(conclusion, trial, desk.remark)
    if TrialEnd.isFinal(conclusion) { watched.folder.remove() }
    return watched.refusal == nil ? next : .nothing
  }

  private func rules(_ trial: Assignment) -> CommandRules {
    let options = shared.options
    let exits = ExitRules(
      objective: shared.facts.objective, infeasible: Set(options.infeasibleExits), retry: Set(options.retryExits),
      pattern: options.resultPattern)
    var rules = CommandRules(exits: exits, timeout: options.timeout)
    if let show = shared.voice.show { rules.show = { [slot] bytes in show(slot, trial.number, bytes) } }
    return rules
  }

  private func plan(_ trial: Assignment, _ folder: TrialFolder) throws(WorkerRefusal) -> CommandPlan {
    let texts = ParameterText.texts(trial.parameters)
    return CommandPlan(
      program: try shared.command.program(texts), words: shared.command.words(texts),
      environment: environment.variables(of: trial, paths: folder.paths), kept: folder.lock, grace: shared.options.grace
    )
  }

  /// Tells the service all about a trial until it is over.
  private func talk(about trial: Assignment, _ desk: TrialDesk) -> (Conclusion, next: Next) {
    var next = Next.unknown
    while true {
      switch desk.next() {
      case .over(let conclusion): return (conclusion, next)
      case .wait(let time):
        // Only the service is waited for; at the worker's end that has a limit.
        guard desk.hasEnded else {
          desk.wait(until: time)
          continue
        }
        if shared.stop.isOverdue { return (.stopped, .nothing) }
        desk.wait(until: min(time, shared.stop.deadline))
      case .send(let call):
        if shared.stop.isOverdue { return (.stopped, .nothing) }
        let asksNext = call.isComplete && !shared.stop.isAsked && shared.tally.reserve()
        let answer = answer(telling, requests.report(call, of: trial, asksNext: asksNext))
        if asksNext {
          next = self.next(in: answer)
          if !next.isTrial { shared.tally.unreserve() }
        }
        let meaning = ReportAnswer(answer, to: call)
        if case .unreachable(let reason, _) = meaning { shared.tally.isUnreachable(reason) }
        desk.answered(call, meaning)
      }
    }
  }

  /// What an answer to a result says of the next trial.
  private func next(in answer: ServiceAnswer) -> Next {
    guard case .value(let value) = answer, let offer = Offer(value) else { return .unknown }
    return offer.trial.map { .trial($0) } ?? (offer.hasEnded ? .nothing : .unknown)
  }

  /// Hands a trial back that was not begun; what is not heard runs out with its lease.
  private func handBack(_ trial: Assignment) {
    _ = answer(telling, requests.report(.release, of: trial, asksNext: false))
    shared.tally.unreserve()
  }

  private func say(_ conclusion: Conclusion, _ trial: Assignment, _ remark: String?) {
    let (state, sentence) = TrialEnd.words(conclusion, objective: shared.facts.objective)
    shared.tally.count(state)
    shared.voice.tell("trial \(trial.number) \(sentence)")
    if let remark { shared.tally.remark(remark, of: trial.number) }
  }
}

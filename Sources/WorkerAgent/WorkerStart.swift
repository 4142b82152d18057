import APIClient
import Foundation
import JSONText

/// Meets the service: reads the study, and compares versions.
struct WorkerStart {
  let options: WorkerOptions
  let voice: WorkerVoice

  /// The study; throws where it cannot be read.
  func study() throws(WorkerRefusal) -> StudyFacts {
    let requests = ServiceRequests(study: options.study, worker: "", leaseSeconds: options.leaseSeconds)
    let answer: APIAnswer
    do throws(APIFailure) { answer = try connection.send(requests.facts) } catch {
      throw WorkerRefusal("The service at \(options.address) cannot be reached: \(error).")
    }
    return try read(answer)
  }

  private var connection: APIConnection {
    APIConnection(to: options.address, token: options.token, agent: "cairn-worker/\(options.version)")
  }

  private func read(_ answer: APIAnswer) throws(WorkerRefusal) -> StudyFacts {
    switch ServiceAnswer(answer) {
    case .value(let value):
      guard let facts = StudyFacts(value) else { throw stranger(answer) }
      return facts
    case .closed(let detail):
      guard answer.status == 401 || answer.status == 403 else { throw stranger(answer) }
      let hint =
        options.token == nil
        ? "it wants a token, in CAIRN_TOKEN or a file for --token-file" : "it does not accept the token"
      throw WorkerRefusal("The service at \(options.address) lets nobody in so: \(hint) (\(detail))")
    case .missing(let detail), .refused(let detail), .conflict(let detail, _):
      // Others than a Cairn answer with pages of their own.
      guard answer.fields["content-type"]?.hasPrefix("application/problem+json") == true else { throw stranger(answer) }
      throw WorkerRefusal(detail)
    case .unavailable(let reason, _):
      if answer.status < 300 { throw stranger(answer) }
      throw WorkerRefusal("The service at \(options.address) does not answer: \(reason).")
    }
  }

  private func stranger(_ answer: APIAnswer) -> WorkerRefusal {
    WorkerRefusal(
      "\(options.address) does not answer as a Cairn service does (status \(answer.status)); --server should be the address "
        + "that the service printed when it started.")
  }

  /// Another version is told, and no reason not to work: the contract grows, and takes nothing back.
  func compareVersions() {
    guard let answer = try? connection.send(APIRequest("GET", "/healthz", seconds: 10)), answer.status == 200,
      let version = (try? JSONValue(parsing: answer.body))?["version"]?.stringValue, version != options.version
    else { return }
    voice.warn("this worker is version \(options.version), and the service is version \(version)")
  }
}

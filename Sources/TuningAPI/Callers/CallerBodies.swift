import Foundation
import JSONText
import Studies
import StudyDefinitions

/// What those say who run the trials of external studies, and every fault of it at once.
struct CallerBodies {
  /// The most trials that are asked for, and the most results that are told of, in one request.
  static let mostTrials = 100
  static let mostResults = 1000
  private static let mostHeld = 10_000
  private static let askingKeys = ["count", "worker", "lease_seconds", "wait_seconds", "holding"]

  private var faults = FaultList()

  /// What a request for trials says; a worker without a name gets one that nobody else has.
  mutating func asking(_ body: JSONValue) throws(APIProblem) -> TrialRequest {
    let request = asking(body, at: .root, called: "The body")
    return try checked(request, against: body)
  }

  /// What became of one trial, and what its caller asks for next.
  mutating func outcome(
    _ body: JSONValue, of number: Int
  ) throws(APIProblem) -> (told: TrialTelling, next: TrialRequest?) {
    let told = outcome(body, of: number, at: .root, besides: ["next"])
    let next = body["next"].flatMap { $0 == .null ? nil : $0 }.map {
      asking($0, at: JSONPointer.root.appending("next"), called: "next")
    }
    return (try checked(told, against: body), next ?? nil)
  }

  /// What became of many trials.
  mutating func results(_ body: JSONValue) throws(APIProblem) -> [TrialTelling] {
    var told: [TrialTelling] = []
    if let members = faults.members(of: body, at: .root, called: "The body", known: ["items"]) {
      let pointer = members.at("items")
      if let items = members["items"]?.arrayValue {
        if items.count > Self.mostResults {
          faults.add(pointer, "items may have at most \(Self.mostResults) results, but has \(items.count).")
        }
        for (index, item) in items.enumerated().prefix(Self.mostResults) {
          let place = pointer.appending(index)
          guard let number = number(item, at: place) else { continue }
          if let one = outcome(item, of: number, at: place, besides: ["number"]) { told.append(one) }
        }
      } else if members["items"] == nil {
        faults.missing(["items"], at: .root, "items is missing; it is a list of results.")
      } else {
        faults.add(pointer, "items must be a list of results.")
      }
    }
    return try checked(told, against: body)
  }

  /// What was measured at a step, and the lease.
  mutating func measurement(_ body: JSONValue) throws(APIProblem) -> (point: CurvePoint, lease: UUID) {
    var found: (CurvePoint, UUID)?
    if let members = faults.members(
      of: body, at: .root, called: "The body", known: ["lease", "step", "metrics"])
    {
      let lease = lease(of: members)
      if members["step"] == nil {
        faults.missing(["step"], at: .root, "step is missing; it says how far the trial is.")
      }
      let step = faults.integer("step", of: members, in: 0...9_007_199_254_740_991)
      if members["metrics"] == nil {
        faults.missing(["metrics"], at: .root, "metrics is missing; it is an object of numbers.")
      }
      let metrics = members["metrics"].flatMap { self.metrics($0, at: members.at("metrics")) }
      if let lease, let step, let metrics { found = (CurvePoint(step: step, metrics: metrics), lease) }
    }
    return try checked(found, against: body)
  }

  /// The lease of a body that has nothing else.
  mutating func lease(_ body: JSONValue) throws(APIProblem) -> UUID {
    var found: UUID?
    if let members = faults.members(of: body, at: .root, called: "The body", known: ["lease"]) {
      found = lease(of: members)
    }
    return try checked(found, against: body)
  }

  // MARK: Parts

  private func checked<Value>(_ value: Value?, against body: JSONValue) throws(APIProblem) -> Value {
    do { try faults.check(against: body) } catch { throw APIProblem(.invalid(error.faults)) }
    guard let value else { throw APIProblem(.invalid([Fault(at: .root, "The body cannot be used.")])) }
    return value
  }

  private mutating func asking(_ value: JSONValue, at pointer: JSONPointer, called what: String) -> TrialRequest? {
    guard let members = faults.members(of: value, at: pointer, called: what, known: Self.askingKeys) else { return nil }
    var request = TrialRequest(worker: "")
    request.count = faults.integer("count", of: members, in: 1...Self.mostTrials) ?? request.count
    request.leaseSeconds = seconds("lease_seconds", of: members, in: 1...86_400) ?? request.leaseSeconds
    request.waitSeconds = seconds("wait_seconds", of: members, in: 0...60) ?? request.waitSeconds
    if let name = faults.string("worker", of: members) {
      if (1...256).contains(name.utf8.count), name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
        request.worker = name
      } else {
        faults.add(members.at("worker"), "worker must be 1 to 256 bytes of UTF-8 without control characters.")
      }
    } else {
      request.worker = "caller-\(UUID().uuidString.lowercased().prefix(8))"
    }
    if let list = members["holding"] { request.holding = holding(list, at: members.at("holding")) }
    return request
  }

  private mutating func holding(_ value: JSONValue, at pointer: JSONPointer) -> Set<Int> {
    guard let elements = value.arrayValue, elements.count <= Self.mostHeld else {
      faults.add(pointer, "holding must be a list of at most \(Self.mostHeld) numbers of trials.")
      return []
    }
    var numbers: Set<Int> = []
    for (index, element) in elements.enumerated() {
      if let number = element.integerValue, number >= 1 {
        numbers.insert(number)
      } else {
        faults.add(pointer.appending(index), "A number of holding must be that of a trial, an integer from 1.")
      }
    }
    return numbers
  }

  private mutating func seconds(_ name: String, of members: Members, in range: ClosedRange<Double>) -> Double? {
    guard let value = members[name] else { return nil }
    guard let seconds = value.numberValue, range.contains(seconds) else {
      faults.add(
        members.at(name),
        "\(name) must be a number of seconds from \(JSONNumber.text(range.lowerBound)) to "
          + "\(JSONNumber.text(range.upperBound)).")
      return nil
    }
    return seconds
  }

  private mutating func number(_ item: JSONValue, at pointer: JSONPointer) -> Int? {
    guard let value = item["number"], value != .null else {
      faults.missing(["number"], at: pointer, "number is missing; it says which trial it is.")
      return nil
    }
    guard let number = value.integerValue, number >= 1 else {
      faults.add(pointer.appending("number"), "number must be that of a trial, an integer from 1.")
      return nil
    }
    return number
  }

  private static let outcomeKeys = ["metrics", "infeasible", "failure"]

  private mutating func outcome(
    _ value: JSONValue, of number: Int, at pointer: JSONPointer, besides: [String]
  ) -> TrialTelling? {
    let known = Self.outcomeKeys + ["class", "lease"] + besides
    guard let members = faults.members(of: value, at: pointer, called: "A result", known: known) else { return nil }
    let given = Self.outcomeKeys.filter { members[$0] != nil }
    guard given.count == 1, let kind = given.first else {
      if given.isEmpty {
        faults.missing(
          Self.outcomeKeys, at: pointer,
          "The result is missing: metrics, or infeasible with a reason, or failure with what went wrong.")
      } else {
        faults.add(members.at(given[1]), "\(given[1]) does not go with \(given[0]); a trial has one outcome.")
      }
      return nil
    }
    if kind != "failure", members["class"] != nil {
      faults.add(members.at("class"), "class says what caused a failure, and there is none.")
    }
    let place = members.at("metrics")
    switch kind {
    case "metrics":
      return metrics(members["metrics"] ?? .null, at: place).map { TrialTelling(.metrics($0), of: number, at: place) }
    case "infeasible":
      return text("infeasible", of: members).map { TrialTelling(.infeasible(reason: $0), of: number, at: place) }
    default: return failure(members, of: number, at: place)
    }
  }

  private mutating func failure(_ members: Members, of number: Int, at place: JSONPointer) -> TrialTelling? {
    let message = text("failure", of: members)
    let lease = lease(of: members)
    let classes = [FailureClass.error, .outOfMemory, .io, .lost].map(\.rawValue)
    let named = faults.choice("class", of: members, among: classes, called: "class of failures")
    guard let message, let lease, members["class"] == nil || named != nil else { return nil }
    let failureClass = named.flatMap(FailureClass.init) ?? .error
    return TrialTelling(.failure(message: message, class: failureClass, lease: lease), of: number, at: place)
  }

  private mutating func lease(of members: Members) -> UUID? {
    guard members["lease"] != nil else {
      faults.missing(["lease"], at: members.pointer, "lease is missing; it came with the trial.")
      return nil
    }
    guard let text = faults.string("lease", of: members) else { return nil }
    // What is no lease at all is held by nobody.
    return UUID(uuidString: text) ?? UUID()
  }

  private mutating func text(_ name: String, of members: Members) -> String? {
    guard let text = faults.text(name, of: members, most: 65_536)?.string else { return nil }
    if text.isEmpty { faults.add(members.at(name), "\(name) is empty; it is read by people.") }
    return text
  }

  private mutating func metrics(_ value: JSONValue, at pointer: JSONPointer) -> [String: Double]? {
    guard case .object(let object) = value else {
      faults.add(pointer, "metrics must be an object of numbers.")
      return nil
    }
    var metrics: [String: Double] = [:]
    for member in object.members {
      if !member.name.isMetricName {
        faults.add(pointer.appending(member.name), "The name of a metric must be 1 to 128 bytes of UTF-8.")
      } else if let number = member.value.numberValue {
        metrics[member.name] = number == 0 ? 0 : number
      } else {
        faults.add(pointer.appending(member.name), "\(member.name) must be a number.")
      }
    }
    return metrics
  }
}

import ExactText

extension JSONValue {
  /// This value with a merge patch applied (RFC 7396): members of the patch replace, null removes, objects merge.
  public func merging(_ patch: JSONValue) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var members: [JSONObject.Member?] = objectValue?.members ?? []
    // An index, so that a patch of many members takes time in proportion to them.
    var places: [ExactText: Int] = [:]
    for (index, member) in (objectValue?.members ?? []).enumerated() { places[ExactText(member.name)] = index }
    for change in changes.members {
      let place = places[ExactText(change.name)]
      let old = place.flatMap { members[$0]?.value } ?? .null
      let new = change.value == .null ? nil : JSONObject.Member(name: change.name, value: old.merging(change.value))
      if let place { members[place] = new } else { members.append(new) }
    }
    return .object(JSONObject(distinct: members.compactMap { $0 }))
  }
}

/// What a keyed draw is for: the low byte of the counter's last word.
enum DrawPurpose: UInt32 {
  case weights = 1
  case dropout = 2
  case order = 3
  case split = 4
}

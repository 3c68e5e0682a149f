"""What layers do, as a few primitive operations of any rank: each count is defined here, once.

Words of the spec language and nodes of ONNX files lower to them. A module is imported where it is first met, so that
start-up does not grow with the room.
"""

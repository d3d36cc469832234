"""Video frames → detections → tracks → numbers of regions, and what is suspected.

Pure: numpy, OpenCV, onnxruntime and trackers; no Django, no network, no database. Frames come in as arrays.
Begin with `analyser.Analyser`. Times are seconds of the picture's own clock, boxes pixels of the picture.
"""

namespace EdgeInference.Devices;

/// <summary>The points that a replacement passes; tests kill the process at each.</summary>
internal enum StoreStep
{
    Created,
    HalfWritten,
    Written,
    Flushed,

    /// <summary>The new record is on the disk too, under a name that nobody reads.</summary>
    Prepared,

    /// <summary>The model in use has the name of the one before.</summary>
    Kept,
    Renamed,
    Durable,

    /// <summary>One copy of the record has its name.</summary>
    HalfRecorded,
    Recorded,
}

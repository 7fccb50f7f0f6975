namespace EdgeInference.Devices.Hosting;

/// <summary>How a source of models is.</summary>
internal interface IUpdateSourceState
{
    /// <summary>The source's name: folder, https, mqtt or mqtt-status.</summary>
    string Name { get; }

    /// <summary>Why the source cannot be asked, in one sentence; null while it is well or not configured.</summary>
    string? Problem { get; }
}

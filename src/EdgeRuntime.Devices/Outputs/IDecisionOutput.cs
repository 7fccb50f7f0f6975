namespace EdgeInference.Devices;

/// <summary>Something that acts on decisions. It is called when the decided label changes, not for each decision.</summary>
public interface IDecisionOutput
{
    /// <summary>Acts on a label.</summary>
    /// <param name="label">The label that was decided.</param>
    /// <exception cref="IOException">The output failed; it is tried again at the next sample.</exception>
    void Apply(int label);

    /// <summary>Goes to the safe state. May be called from another thread when the loop hangs.</summary>
    /// <exception cref="IOException">The output failed; it is tried again at the next sample.</exception>
    void ApplySafe();
}

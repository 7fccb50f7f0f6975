namespace EdgeInference.ModelConverter.Activations;

/// <summary>A parameter as a source format has it.</summary>
/// <param name="Default">Its value where no setting gives one.</param>
/// <param name="Names">The settings that may give it, the one that wins first; none where it is fixed.</param>
internal sealed record Setting(float Default, params string[] Names)
{
    /// <summary>The value, by a function that gives a setting's number or null where it is absent.</summary>
    internal float Read(Func<string, float?> number)
    {
        foreach (string name in Names)
        {
            if (number(name) is { } value)
            {
                return value;
            }
        }

        return Default;
    }
}

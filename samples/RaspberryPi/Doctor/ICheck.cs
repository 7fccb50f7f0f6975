namespace EdgeDevice;

/// <summary>One thing that can stand in the way. It looks and changes nothing.</summary>
internal interface ICheck
{
    /// <summary>One word, under which docs/raspberry-pi-troubleshooting.md has its messages.</summary>
    string Name { get; }

    IEnumerable<Finding> Run(Examination examination);
}

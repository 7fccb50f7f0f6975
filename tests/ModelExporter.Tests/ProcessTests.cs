namespace EdgeInference.Tool.Tests;

/// <summary>Tests of what a process has once, such as its current folder and its open files, run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessTests
{
    internal const string Name = "process";
}

namespace EdgeInference.ModelConverter.Emit;

/// <summary>One file of emitted C#, to be compiled into its own assembly where there are several.</summary>
/// <param name="Name">File name, for example <c>Model.g.cs</c>.</param>
/// <param name="Text">The code.</param>
/// <param name="InstructionBytes">Bytes of IL that the code compiles to, estimated from above.</param>
/// <param name="ConstantBytes">Bytes of array initialisers.</param>
/// <param name="TableBytes">Bytes of the arrays that the code holds in RAM.</param>
internal sealed record EmittedFile(string Name, string Text, int InstructionBytes, int ConstantBytes, int TableBytes);

/// <summary>A file of bytes beside emitted C#, to be embedded as a binary resource or put on internal storage.</summary>
/// <param name="Name">File name, for example <c>Model.g.bin</c>.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record EmittedResource(string Name, ReadOnlyMemory<byte> Bytes);

using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Sizes of a compiled assembly.</summary>
/// <param name="Bytes">Bytes of IL of all methods.</param>
/// <param name="Methods">Number of methods.</param>
/// <param name="LargestMethod">Bytes of IL of the largest.</param>
/// <param name="MostLocals">Locals of the method with most.</param>
internal sealed record TreeCode(int Bytes, int Methods, int LargestMethod, int MostLocals)
{
    internal static TreeCode Of(byte[] assembly)
    {
        using var reader = new PEReader(new MemoryStream(assembly));
        MetadataReader metadata = reader.GetMetadataReader();
        int[] sizes = [.. metadata.MethodDefinitions.Select(handle => Body(handle).GetILBytes()!.Length)];
        int locals = metadata.MethodDefinitions.Max(handle => Body(handle).LocalSignature is { IsNil: false } signature
            ? metadata.GetBlobReader(metadata.GetStandaloneSignature(signature).Signature) is var blob ? Count(blob) : 0
            : 0);
        return new TreeCode(sizes.Sum(), sizes.Length, sizes.Max(), locals);

        MethodBodyBlock Body(MethodDefinitionHandle handle) => reader.GetMethodBody(metadata.GetMethodDefinition(handle).RelativeVirtualAddress);
    }

    private static int Count(BlobReader signature)
    {
        signature.ReadByte();
        return signature.ReadCompressedInteger();
    }
}

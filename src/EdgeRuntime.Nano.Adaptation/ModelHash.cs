using EdgeInference.ModelFormat;
using EdgeInference.Nano.Updates;

namespace EdgeInference.Nano.Adaptation
{
    /// <summary>SHA-256 of a model's bytes without a signature block, in RAM or read in chunks.</summary>
    internal static class ModelHash
    {
        private const int BlockBytes = 64;

        internal static byte[] Of(ModelFile file)
        {
            Sha256 hash = new Sha256();
            byte[] block = new byte[BlockBytes];
            for (int start = 0; start < file.Length; start += BlockBytes)
            {
                int count = file.Length - start < BlockBytes ? file.Length - start : BlockBytes;
                for (int i = 0; i < count; i++)
                {
                    block[i] = (byte)file.Bytes.U8(start + i);
                }

                hash.Add(block, 0, count);
            }

            return hash.Finish();
        }
    }
}

